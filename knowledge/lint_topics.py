"""The topics against the rest of the content: every choice is an entry, a request with a button, or danger. Pure."""

from core.errors import Fault
from knowledge.content import Content
from knowledge.lint_report import Report
from knowledge.load_topics import CHOICES_FILE

DANGER = "safety_issue"  # has no button: nobody is asked whether something burns


def lint_topics(content: Content, report: Report) -> None:
    """Add each choice that no customer could get to `report`."""
    path = content.folders.topics.parent / CHOICES_FILE
    known = {entry.id for entry in content.entries} | content.requests.keys() | {DANGER}
    for topic, choices in content.topics.choices.items():
        for choice in choices:
            if choice not in known:
                message = f"topic {topic!r}: {choice!r} is neither an entry nor a request of requests.yml; mend it"
                report.faults.append(Fault(path, 0, message))

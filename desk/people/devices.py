"""What a browser says of itself, as a name that its owner knows. Pure."""

# The first that stands in the text counts: most browsers also name those that they resemble.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("MicroMessenger/", "WeChat"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("HarmonyOS", "HarmonyOS"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def device_name(says: str) -> str:
    """Browser and system, such as "Firefox · macOS"; what the browser says where neither is known."""
    names = [next((name for mark, name in known if mark in says), "") for known in (BROWSERS, SYSTEMS)]
    return " · ".join(name for name in names if name) or says

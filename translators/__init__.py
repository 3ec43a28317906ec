"""Four small Argos packages for tests and the demo, trained on the project's own parallel phrases; see README.md."""

"""The version, apart from :mod:`dialogue` so that no module has to import the top of the package."""

VERSION = "0.1.0"

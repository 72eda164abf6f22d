"""The language of the files: read with exact positions, checked, evaluated and expanded into layers."""

def attribute_called(key, known): return ""
def attribute_hint(key, known): return ""
def value_hint(key, known): return ""

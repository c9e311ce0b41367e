"""placeholder"""
def navigation(request): return {}

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class PortalConfig(AppConfig):
    name = "portal"


class OperatorAdminConfig(AdminConfig):
    """Django's admin with our site in place of the open one."""

    default_site = "portal.admin.OperatorSite"

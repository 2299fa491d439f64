"""The words of the interface: found in the sources, kept in one catalogue per room, checked, compiled.

The sources speak Chinese; English is the one translation and lies in locale/<room>/en/LC_MESSAGES/django.po.
Templates that belong to no room (base, components, errors, account pages) form the room "site".
"""

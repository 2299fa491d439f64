"""Pure rules of needs: standard library only, time passed in."""

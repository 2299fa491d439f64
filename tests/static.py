"""The static-file middleware, looking for the files once instead of once for every test client."""

from servestatic.middleware import ServeStaticMiddleware

_found: dict = {}


class OnceServeStaticMiddleware(ServeStaticMiddleware):
    def add_files_from_finders(self) -> None:
        if not _found:
            super().add_files_from_finders()
            _found.update(self.files)
        self.files.update(_found)

"""The door to a project's images, audio and video: files that an admin has put into the data directory."""

import mimetypes
import re
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from isogloss.accounts.access import PersonRequest, signed_in
from isogloss.platform.problems import NotFound
from isogloss.projects.access import access_project

KEPT_BY_BROWSERS = "private, max-age=3600"
AT_A_TIME = 64 * 1024
_RANGE = re.compile(r"bytes=(\d+)-(\d*)")


@signed_in
@require_safe
def media(request: PersonRequest, project_id: str, media_path: str) -> HttpResponseBase:
    """Send a file of `media/<project>/`, or the part of it that a player asks for; an item names it as `media/<path>`."""
    project = access_project(request.user, project_id)
    folder: Path = settings.CONFIG.data / "media" / project.public_id
    path = (folder / media_path).resolve()
    kind = mimetypes.guess_type(path.name)[0] or ""
    is_media = kind.startswith(("image/", "audio/", "video/")) and kind != "image/svg+xml"  # an SVG can hold a script
    if not is_media or not path.is_relative_to(folder.resolve()) or not path.is_file():
        raise NotFound(_("The project has no such picture, sound or film. Its files lie in media/ in the data directory."))
    response = _part(path, asked=request.headers.get("Range", ""), kind=kind) or FileResponse(path.open("rb"), content_type=kind)
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = KEPT_BY_BROWSERS
    return response


def _part(path: Path, *, asked: str, kind: str) -> HttpResponseBase | None:
    """Answer one range that begins at a byte (RFC 9110); any other is answered by the whole file, as the standard allows."""
    found = _RANGE.fullmatch(asked)
    if found is None:
        return None
    size = path.stat().st_size
    first, last = int(found[1]), min(int(found[2] or size), size - 1)
    if first >= size:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    if last < first:
        return None
    response = StreamingHttpResponse(_read(path, first=first, last=last), status=206, content_type=kind)
    response["Content-Length"], response["Content-Range"] = str(last - first + 1), f"bytes {first}-{last}/{size}"
    return response


def _read(path: Path, *, first: int, last: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(first)
        left = last - first + 1
        while left and (piece := file.read(min(left, AT_A_TIME))):
            left -= len(piece)
            yield piece

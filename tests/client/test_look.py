"""A clean copy under other eyes: exiftool and qpdf. The browsers' stand in sealer/test_looking.py."""

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Final

from tests.client.node import Core, run

# What exiftool says of files that hold a picture, or pages, and nothing else; by its families of groups.
ABOUT_THE_DISK: Final = {"SourceFile", "ExifTool", "System", "Composite"}
PICTURE: Final = "ImageWidth ImageHeight BitsPerSample"
STRUCTURE: Final = {
    "File": f"{PICTURE} FileType FileTypeExtension MIMEType EncodingProcess ColorComponents YCbCrSubSampling"
    " ExifByteOrder PageCount",
    "JFIF": "JFIFVersion ResolutionUnit XResolution YResolution",
    "Adobe": "DCTEncodeVersion APP14Flags0 APP14Flags1 ColorTransform",
    "PNG": f"{PICTURE} BitDepth ColorType Compression Filter Interlace Gamma",
    "RIFF": f"{PICTURE} WebP_Flags VP8Version HorizontalScale VerticalScale",
    "GIF": f"{PICTURE} GIFVersion HasColorMap ColorResolutionDepth BitsPerPixel BackgroundColor AnimationIterations"
    " FrameCount Duration TransparentColor",
    "IFD0": "Orientation",
    "PDF": "PDFVersion Linearized PageCount",
    # Our own profile: a space, and nothing of whose it is.
    "ICC_Profile": "MediaWhitePoint RedMatrixColumn GreenMatrixColumn BlueMatrixColumn RedTRC GreenTRC BlueTRC",
    "ICC-header": "ProfileCMMType ProfileVersion ProfileClass ColorSpaceData ProfileConnectionSpace ProfileDateTime"
    " ProfileFileSignature PrimaryPlatform CMMFlags DeviceManufacturer DeviceModel DeviceAttributes RenderingIntent"
    " ConnectionSpaceIlluminant ProfileCreator ProfileID",
    "ZIP": "ZipRequiredVersion ZipBitFlag ZipCompression ZipModifyDate ZipCRC ZipCompressedSize ZipUncompressedSize"
    " ZipFileName",
}
OF_A_TIFF: Final = (
    f"{PICTURE} SubfileType Compression PhotometricInterpretation StripOffsets SamplesPerPixel RowsPerStrip"
    " StripByteCounts"
)
NEVER: Final = {"ICC-header:ProfileDateTime": "0000:00:00 00:00:00", "ZIP:ZipModifyDate": "1980:01:01 00:00:00"}


def samples(core: Core) -> dict[str, bytes]:
    """Files that tell a lot, by name."""
    found: dict[str, str] = core.ask("look_samples")
    return {name: base64.b64decode(file) for name, file in found.items()}


def cleaned(core: Core, folder: Path) -> list[Path]:
    """Clean copies of them on the disk."""
    paths = []
    for name, file in samples(core).items():
        path = folder / name
        path.write_bytes(base64.b64decode(core.ask("look_clean", bytes=file)))
        paths.append(path)
    return paths


def told(exiftool: str, path: Path) -> dict[str, str]:
    """Everything that exiftool says of a file, with the group that each stands in."""
    shown: list[dict[str, str]] = json.loads(run(exiftool, "-json", "-a", "-u", "-G1", "-s", path))
    return shown[0]


def unneeded(path: Path, names: dict[str, str]) -> set[str]:
    """What is neither of the disk nor of the picture's structure."""
    needed = {f"{group}:{name}" for group, known in STRUCTURE.items() for name in known.split()}
    if path.suffix == ".tiff":
        needed |= {f"IFD{page}:{name}" for page in range(2) for name in OF_A_TIFF.split()}
    return {name for name in names if name.partition(":")[0] not in ABOUT_THE_DISK and name not in needed}


def test_exiftool_names_much_in_the_samples(core: Core, tmp_path: Path, require_tool: Callable[[str], str]) -> None:
    """In each of the files exiftool sees more than its structure."""
    exiftool = require_tool("exiftool")
    for name, file in samples(core).items():
        path = tmp_path / name
        path.write_bytes(file)

        assert unneeded(path, told(exiftool, path)), name


def test_exiftool_names_nothing_in_clean_copies(core: Core, tmp_path: Path, require_tool: Callable[[str], str]) -> None:
    """In a clean copy exiftool sees the structure of the file, no day, and no warning."""
    exiftool = require_tool("exiftool")
    for path in cleaned(core, tmp_path):
        names = told(exiftool, path)

        assert unneeded(path, names) == set(), path.name
        assert not {name for name in names if "Warning" in name or "Error" in name}, path.name
        assert {name: names.get(name, never) for name, never in NEVER.items()} == NEVER, path.name


def test_qpdf_finds_clean_copies_whole(core: Core, tmp_path: Path, require_tool: Callable[[str], str]) -> None:
    """A strict reader of PDF finds no mistake in what was written anew."""
    qpdf = require_tool("qpdf")
    found = [path for path in cleaned(core, tmp_path) if path.suffix == ".pdf"]

    assert len(found) == 2
    for path in found:
        assert "No syntax or stream encoding errors found" in run(qpdf, "--check", path)

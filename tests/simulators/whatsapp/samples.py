"""Small real files, which customers send when a test gives none."""

import base64

PHOTO = base64.b64decode(  # JPEG, 96 x 64, a parcel
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZGNywtQFdBRkxO"
    "UlNSMj5aYVpQYEpRUk//2wBDAQ4ODhMREyYVFSZPNS01T09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09P"
    "T09PT09PT0//wAARCABAAGADASIAAhEBAxEB/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUF"
    "BAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVW"
    "V1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi"
    "4+Tl5ufo6erx8vP09fb3+Pn6/8QAHwEAAwEBAQEBAQEBAQAAAAAAAAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAEC"
    "AxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNOEl8RcYGRomJygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVm"
    "Z2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmqsrO0tba3uLm6wsPExcbHyMnK0tPU1dbX2Nna4uPk5ebn6Onq"
    "8vP09fb3+Pn6/9oADAMBAAIRAxEAPwDvqKKKokKKKKACiiigAooooAKKKKACiiigAooooAzdYup7byfIfbu3Z4B9PWs3+1L3/nt/"
    "44v+FWPEs8cP2bzGxndjg+1Yf222/wCen/jprzq85qo0mzuoxi4K6NT+1L3/AJ7f+OL/AIVTv9b1KHy/LucZzn5F9vaq/wBttv8A"
    "np/46ap388c3l+W2cZzwfas4zqX3Zo4QtsjRsdc1OWYrJc5AXP8Aq19R7Vf/ALUvf+e3/ji/4VzljKkUxaRsArjp7ir/ANttv+en"
    "/jpolOd9GwUIdkan9qXv/Pb/AMcX/Cruk3txcXTJNJuUITjaBzkVz3222/56f+OmtXw7cRS37rG+SIieh9RV0pzc1dsmrCCg7I6O"
    "iiivSPPCiiigDH8Qf8u//Av6Vj1seIP+Xf8A4F/SsevLxH8Rno0P4aCiiisDYKKKKACtLQv+P1/+uZ/mKza0tC/4/X/65n+YrWj/"
    "ABEZVvgZvUUUV6x5oUUUUAUNUspbzyvKZBszncT3x/hVD+xbn/npD+Z/wreorGdCE3dmsa0oqyMH+xbn/npD+Z/wo/sW5/56Q/mf"
    "8K3qKj6rTK+sTMH+xbn/AJ6Q/mf8KP7Fuf8AnpD+Z/wreoo+q0w+sTMH+xbn/npD+Z/wq3punTWlw0kjRkFCvyk+o9vatOiqjh4R"
    "d0KVeclZhRRRW5if/9k="
)
STICKER = base64.b64decode(  # WebP, 64 x 64
    "UklGRtwAAABXRUJQVlA4INAAAAAQCACdASpAAEAAPsVUokunpSMhs/ZsAPAYiWIAy13elwHp/zwHPRgvWSsNdTJrcTdU5SqL3ff7"
    "s5wGPfwTi7sdpr8Yk7zi7pCAAP71+zOhFQCrpyzuoB64Px+fovr2mjMk7WRS8ByHbpxYSD1eMYD+slueeIp0ouDkexCy49uZAXws"
    "/Db6GnAjAw7NtykuQqVk+W8iGmdRcD6fp2/f0MpOSdEMw8TkAPj4BlEbd3tbSSuiMEHM9lHFDZYOakCIqXk2EUG7//TxQOwHKezI"
    "rugA"
)
VOICE = base64.b64decode(  # Ogg Opus, one second of silence
    "T2dnUwACAAAAAAAAAAABAAAAAAAAAFedtgsBE09wdXNIZWFkAQE4AYA+AAAAAABPZ2dTAAAAAAAAAAAAAAEAAAABAAAAbzZ2pgEZ"
    "T3B1c1RhZ3MJAAAAc2ltdWxhdGVkAAAAAE9nZ1MABIC7AAAAAAAAAQAAAAIAAADpVDPGMgMDAwMDAwMDAwMDAwMDAwMDAwMDAwMD"
    "AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMD+P/++P/++P/++P/++P/++P/++P/++P/++P/++P/++P/++P/++P/++P/++P/++P/+"
    "+P/++P/++P/++P/++P/++P/++P/++P/++P/++P/++P/++P/++P/++P/++P/++P/++P/++P/++P/++P/++P/++P/++P/++P/++P/+"
    "+P/++P/++P/++P/++P/++P/++P/++P/++P/+"
)
VIDEO = base64.b64decode(  # MP4 without frames
    "AAAAGGZ0eXBpc29tAAACAGlzb21tcDQyAAAACGZyZWUAAAAIbWRhdA=="
)
PAPER = base64.b64decode(  # PDF, one empty page
    "JVBERi0xLjQKMSAwIG9iajw8L1R5cGUvQ2F0YWxvZy9QYWdlcyAyIDAgUj4+ZW5kb2JqCjIgMCBvYmo8PC9UeXBlL1BhZ2VzL0tp"
    "ZHNbMyAwIFJdL0NvdW50IDE+PmVuZG9iagozIDAgb2JqPDwvVHlwZS9QYWdlL1BhcmVudCAyIDAgUi9NZWRpYUJveFswIDAgMjAw"
    "IDEwMF0+PmVuZG9iagp0cmFpbGVyPDwvUm9vdCAxIDAgUj4+CiUlRU9GCg=="
)
SAMPLES = {
    "image": (PHOTO, "image/jpeg", ""),
    "sticker": (STICKER, "image/webp", ""),
    "audio": (VOICE, "audio/ogg; codecs=opus", ""),
    "voice": (VOICE, "audio/ogg; codecs=opus", ""),
    "video": (VIDEO, "video/mp4", ""),
    "document": (PAPER, "application/pdf", "paper.pdf"),
}

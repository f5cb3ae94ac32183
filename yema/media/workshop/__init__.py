"""Where files of strangers are opened: a process of its own that lives for one file and can write none.

Nothing is copied from what was handed in but what can be seen or heard: pixels, pages, samples. So no place, name, script or second
file inside the first comes out again. It has bounds for memory and time, and what harms it does not harm the server.

    python -m yema.media.workshop FORMAT < file > answer
"""

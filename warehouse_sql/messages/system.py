"""Why the operating system refused something, in words that people read: its own are English on every machine."""

from __future__ import annotations

import errno

from warehouse_sql.messages import message


def system_reason(error: OSError) -> str:
    """Returns the reason of an error of the system; a rare one in the system's own words."""
    common = {
        errno.ENOENT: message("không có tệp hoặc thư mục này"),
        errno.EACCES: message("không có quyền"),
        errno.EPERM: message("không có quyền"),
        errno.EISDIR: message("là một thư mục, không phải tệp"),
        errno.ENOTDIR: message("một phần của đường dẫn không phải thư mục"),
        errno.EEXIST: message("đã có tệp hoặc thư mục này"),
        errno.ENOSPC: message("ổ đĩa đã đầy"),
        errno.EROFS: message("ổ đĩa chỉ cho đọc"),
        errno.ENAMETOOLONG: message("tên quá dài"),
    }
    return common.get(error.errno or 0) or error.strerror or type(error).__name__

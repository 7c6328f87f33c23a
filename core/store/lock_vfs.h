// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace bitfrontier {

/// Name of an SQLite VFS for stores, registered on first use: SQLite's own file layer with one
/// thing changed. Its locks on a database file are fcntl() locks of the process, and a process
/// loses all of those on a file as soon as any code in it closes any descriptor of that file
/// (sqlite.org/howtocorrupt.html, section 2.2); Qt's file dialog, for one, opens and closes files
/// whose kind it does not know. Here the locks belong to the connection (F_OFD_SETLK). They are on
/// the same bytes, so that connections of other programs and of plain SQLite are kept out as ever.
/// Where the system has no such locks, SQLite's own are used. A process must not also use another
/// VFS on the file: closing the descriptor of a lock is one of the closings that it suffers from.
const char* storeVfs();

}  // namespace bitfrontier

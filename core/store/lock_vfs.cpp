// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/lock_vfs.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <mutex>
#include <new>

namespace bitfrontier {
namespace {

// The bytes that SQLite locks, see "os.h" of its sources: readers hold a read lock on the shared
// range; a writer the reserved byte, and to commit also the pending byte and the whole range.
constexpr off_t kPending = 0x40000000, kReserved = kPending + 1, kShared = kPending + 2;
constexpr off_t kSharedSize = 510;

/// What follows the file of the real VFS in memory.
struct Lock {
  int descriptor = -1;
  int level = SQLITE_LOCK_NONE;
  const sqlite3_io_methods* real = nullptr;
};

sqlite3_vfs* realVfs = nullptr;

Lock& lockOf(sqlite3_file* file) {
  const auto size = (static_cast<std::size_t>(realVfs->szOsFile) + alignof(Lock) - 1) /
                    alignof(Lock) * alignof(Lock);
  return *reinterpret_cast<Lock*>(reinterpret_cast<char*>(file) + size);
}

int request(int descriptor, int command, struct flock& what, short type, off_t from, off_t size) {
  what = {};
  what.l_type = type;
  what.l_whence = SEEK_SET;
  what.l_start = from;
  what.l_len = size;
  int result;
  do {
    result = ::fcntl(descriptor, command, &what);
  } while (result != 0 && errno == EINTR);
  return result;
}

/// An SQLite result code.
int setLock(const Lock& lock, short type, off_t from, off_t size, int otherwise) {
  struct flock what {};
  if (request(lock.descriptor, F_OFD_SETLK, what, type, from, size) == 0) return SQLITE_OK;
  return errno == EACCES || errno == EAGAIN ? SQLITE_BUSY : otherwise;
}

// Steps and their order are those of unixLock() in SQLite's "os_unix.c".
int lockFile(sqlite3_file* file, int wanted) {
  Lock& lock = lockOf(file);
  if (lock.level >= wanted) return SQLITE_OK;
  int code = SQLITE_OK;
  if (wanted == SQLITE_LOCK_SHARED) {
    // The pending byte first: it keeps new readers out while a writer waits for the old ones.
    code = setLock(lock, F_RDLCK, kPending, 1, SQLITE_IOERR_RDLOCK);
    if (code != SQLITE_OK) return code;
    code = setLock(lock, F_RDLCK, kShared, kSharedSize, SQLITE_IOERR_RDLOCK);
    const int released = setLock(lock, F_UNLCK, kPending, 1, SQLITE_IOERR_UNLOCK);
    if (code == SQLITE_OK && released != SQLITE_OK) {
      setLock(lock, F_UNLCK, kShared, kSharedSize, SQLITE_IOERR_UNLOCK);
      code = released;
    }
    if (code == SQLITE_OK) lock.level = SQLITE_LOCK_SHARED;
    return code;
  }
  if (wanted == SQLITE_LOCK_RESERVED) {
    code = setLock(lock, F_WRLCK, kReserved, 1, SQLITE_IOERR_LOCK);
    if (code == SQLITE_OK) lock.level = SQLITE_LOCK_RESERVED;
    return code;
  }
  if (lock.level < SQLITE_LOCK_PENDING) {
    code = setLock(lock, F_WRLCK, kPending, 1, SQLITE_IOERR_LOCK);
    if (code != SQLITE_OK) return code;
    lock.level = SQLITE_LOCK_PENDING;
  }
  if (wanted == SQLITE_LOCK_EXCLUSIVE) {
    code = setLock(lock, F_WRLCK, kShared, kSharedSize, SQLITE_IOERR_LOCK);
    if (code == SQLITE_OK) lock.level = SQLITE_LOCK_EXCLUSIVE;
  }
  return code;
}

int unlockFile(sqlite3_file* file, int wanted) {
  Lock& lock = lockOf(file);
  if (lock.level <= wanted) return SQLITE_OK;
  if (wanted == SQLITE_LOCK_SHARED) {
    if (lock.level == SQLITE_LOCK_EXCLUSIVE) {
      const int code = setLock(lock, F_RDLCK, kShared, kSharedSize, SQLITE_IOERR_RDLOCK);
      if (code != SQLITE_OK) return code == SQLITE_BUSY ? SQLITE_IOERR_RDLOCK : code;
    }
    const int code = setLock(lock, F_UNLCK, kPending, 2, SQLITE_IOERR_UNLOCK);
    if (code != SQLITE_OK) return code;
  } else {
    const int code = setLock(lock, F_UNLCK, kPending, 2 + kSharedSize, SQLITE_IOERR_UNLOCK);
    if (code != SQLITE_OK) return code;
  }
  lock.level = wanted;
  return SQLITE_OK;
}

int checkReserved(sqlite3_file* file, int* reserved) {
  const Lock& lock = lockOf(file);
  *reserved = lock.level >= SQLITE_LOCK_RESERVED ? 1 : 0;
  if (*reserved != 0) return SQLITE_OK;
  struct flock what {};
  if (request(lock.descriptor, F_OFD_GETLK, what, F_WRLCK, kReserved, 1) != 0) {
    return SQLITE_IOERR_CHECKRESERVEDLOCK;
  }
  *reserved = what.l_type == F_UNLCK ? 0 : 1;
  return SQLITE_OK;
}

int closeFile(sqlite3_file* file) {
  const Lock lock = lockOf(file);
  file->pMethods = lock.real;
  const int code = lock.real->xClose(file);
  ::close(lock.descriptor);  // gives up what is locked
  return code;
}

/// A copy of the real file's methods with ours in it; they are the same for all files of a kind.
const sqlite3_io_methods* patched(const sqlite3_io_methods* real) {
  static std::mutex mutex;
  static const sqlite3_io_methods* known = nullptr;
  static sqlite3_io_methods ours;
  const std::scoped_lock guard(mutex);
  if (known == nullptr) {
    ours = *real;
    ours.xLock = lockFile;
    ours.xUnlock = unlockFile;
    ours.xCheckReservedLock = checkReserved;
    ours.xClose = closeFile;
    known = real;
  }
  return known == real ? &ours : nullptr;
}

/// Whether the system has locks that belong to a descriptor.
bool haveDescriptorLocks() {
  static const bool have = [] {
    const int descriptor = ::open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    struct flock what {};
    const bool works =
        descriptor >= 0 && request(descriptor, F_OFD_GETLK, what, F_RDLCK, kPending, 1) == 0;
    if (descriptor >= 0) ::close(descriptor);
    return works;
  }();
  return have;
}

/// A descriptor of the file that the real VFS has just opened under this name; -1 when the name is
/// another file's by now.
int lockDescriptor(sqlite3_file* file, const char* name, int flags) {
  const bool writes = (flags & SQLITE_OPEN_READWRITE) != 0;
  const int descriptor = ::open(name, (writes ? O_RDWR : O_RDONLY) | O_CLOEXEC);
  if (descriptor < 0) return -1;
  struct stat mine {
  }, named{};
  int moved = 0;
  const bool same =
      file->pMethods->xFileControl(file, SQLITE_FCNTL_HAS_MOVED, &moved) == SQLITE_OK &&
      moved == 0 && ::fstat(descriptor, &mine) == 0 && ::stat(name, &named) == 0 &&
      mine.st_dev == named.st_dev && mine.st_ino == named.st_ino;
  if (same) return descriptor;
  ::close(descriptor);
  return -1;
}

int openFile(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* outFlags) {
  int opened = 0;
  const int code = realVfs->xOpen(realVfs, name, file, flags, &opened);
  if (outFlags != nullptr) *outFlags = opened;
  if (code != SQLITE_OK || name == nullptr || (flags & SQLITE_OPEN_MAIN_DB) == 0) return code;
  const sqlite3_io_methods* methods = patched(file->pMethods);
  if (methods == nullptr || !haveDescriptorLocks()) return code;
  const int descriptor = lockDescriptor(file, name, opened);
  if (descriptor < 0) {
    file->pMethods->xClose(file);
    file->pMethods = nullptr;
    return SQLITE_CANTOPEN;
  }
  new (&lockOf(file)) Lock{descriptor, SQLITE_LOCK_NONE, file->pMethods};
  file->pMethods = methods;
  return code;
}

}  // namespace

const char* storeVfs() {
  static sqlite3_vfs vfs;
  static std::once_flag once;
  std::call_once(once, [] {
    ::sqlite3_initialize();
    realVfs = ::sqlite3_vfs_find(nullptr);
    vfs = *realVfs;
    vfs.pNext = nullptr;
    vfs.zName = "bitfrontier";
    vfs.szOsFile = realVfs->szOsFile + static_cast<int>(alignof(Lock) + sizeof(Lock));
    vfs.xOpen = openFile;
    ::sqlite3_vfs_register(&vfs, 0);
  });
  return vfs.zName;
}

}  // namespace bitfrontier

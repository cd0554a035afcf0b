/*
 * Recorded by LD_PRELOAD: every change that a process makes to files below CRASH_POWER_ROOT, in the order of its system
 * calls, appended to CRASH_POWER_LOG for disk-log.ts to read. A sync is recorded before and after it, so that a write of
 * another process in between does not count as synced; it is not carried out, since the log knows what it would have done.
 * SQLite's shared memory (-shm) is left out: it does not outlive a power cut.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum kind { OPENED = 1, WRITTEN, TRUNCATED, SYNC_BEGINS, SYNCED, LINKED, UNLINKED, RENAMED, DIRECTORY_MADE };

/* Little-endian as the machine is; disk-log.ts reads the same. */
struct record {
  uint32_t kind;
  uint32_t process;
  uint64_t inode;
  uint64_t offset; /* WRITTEN: where; TRUNCATED: the new length; SYNC_BEGINS, SYNCED: its number */
  uint32_t path_length;
  uint32_t data_length;
};

#define DESCRIPTORS 65536
static uint64_t tracked[DESCRIPTORS]; /* inode, 0 = not ours */
static char *directory_of[DESCRIPTORS]; /* for a directory: its path */
static const char *root;
static size_t root_length;
static int log_descriptor = -1;
static uint64_t syncs;

static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_writev)(int, const struct iovec *, int);
static ssize_t (*real_pwrite64)(int, const void *, size_t, off64_t);
static int (*real_open64)(const char *, int, ...);
static int (*real_ftruncate64)(int, off64_t);
static int (*real_truncate)(const char *, off_t);
static int (*real_unlink)(const char *);
static int (*real_unlinkat)(int, const char *, int);
static int (*real_remove)(const char *);
static int (*real_link)(const char *, const char *);
static int (*real_rename)(const char *, const char *);
static int (*real_mkdir)(const char *, mode_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);

static void *next(const char *name) {
  void *found = dlsym(RTLD_NEXT, name);
  if (!found) {
    fprintf(stderr, "record-writes: no %s\n", name);
    _exit(71);
  }
  return found;
}

__attribute__((constructor)) static void begin(void) {
  real_write = next("write");
  real_writev = next("writev");
  real_pwrite64 = next("pwrite64");
  real_open64 = next("open64");
  real_ftruncate64 = next("ftruncate64");
  real_truncate = next("truncate");
  real_unlink = next("unlink");
  real_unlinkat = next("unlinkat");
  real_remove = next("remove");
  real_link = next("link");
  real_rename = next("rename");
  real_mkdir = next("mkdir");
  real_fsync = next("fsync");
  real_fdatasync = next("fdatasync");
  const char *log = getenv("CRASH_POWER_LOG");
  root = getenv("CRASH_POWER_ROOT");
  if (!root || !log) return;
  root_length = strlen(root);
  int low = real_open64(log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  if (low < 0) _exit(72);
  log_descriptor = fcntl(low, F_DUPFD_CLOEXEC, 800);
  close(low);
}

static int is_below(const char *path) {
  if (log_descriptor < 0 || !path || strncmp(path, root, root_length) != 0) return 0;
  if (path[root_length] != '/' && path[root_length] != '\0') return 0;
  size_t length = strlen(path);
  return length < 4 || strcmp(path + length - 4, "-shm") != 0;
}

/* One writev to a file opened for appending is whole, whatever other processes append. */
static void record(enum kind kind, uint64_t inode, uint64_t offset, const char *path, const void *data, size_t length) {
  struct record head = {kind, (uint32_t)getpid(), inode, offset, path ? (uint32_t)strlen(path) : 0, (uint32_t)length};
  struct iovec parts[3] = {{&head, sizeof head}, {(void *)path, head.path_length}, {(void *)data, length}};
  ssize_t whole = (ssize_t)(sizeof head + head.path_length + length);
  if (real_writev(log_descriptor, parts, 3) != whole) _exit(73);
}

/* The descriptor may have been closed and be something else by now. */
static uint64_t inode_of(int descriptor) {
  if (log_descriptor < 0 || descriptor < 0 || descriptor >= DESCRIPTORS || !tracked[descriptor]) return 0;
  struct stat64 stat;
  if (fstat64(descriptor, &stat) != 0 || stat.st_ino != tracked[descriptor]) return 0;
  return S_ISREG(stat.st_mode) || S_ISDIR(stat.st_mode) ? stat.st_ino : 0;
}

static int opened(int descriptor, const char *path, int flags) {
  if (descriptor < 0 || descriptor >= DESCRIPTORS) return descriptor;
  tracked[descriptor] = 0;
  if (!is_below(path)) return descriptor;
  struct stat64 stat;
  if (fstat64(descriptor, &stat) != 0) return descriptor;
  tracked[descriptor] = stat.st_ino;
  free(directory_of[descriptor]);
  directory_of[descriptor] = S_ISDIR(stat.st_mode) ? strdup(path) : NULL;
  if (!S_ISREG(stat.st_mode)) return descriptor;
  if (flags & (O_CREAT | O_WRONLY | O_RDWR)) record(OPENED, stat.st_ino, 0, path, NULL, 0);
  if (flags & O_TRUNC) record(TRUNCATED, stat.st_ino, 0, NULL, NULL, 0);
  return descriptor;
}

#define MODE(flags, last) \
  mode_t mode = 0; \
  if (flags & (O_CREAT | __O_TMPFILE)) { \
    va_list list; \
    va_start(list, last); \
    mode = va_arg(list, mode_t); \
    va_end(list); \
  }

int open64(const char *path, int flags, ...) {
  MODE(flags, flags)
  return opened(real_open64(path, flags, mode), path, flags);
}

int open(const char *path, int flags, ...) {
  MODE(flags, flags)
  return opened(real_open64(path, flags, mode), path, flags);
}

static ssize_t written(int descriptor, const void *data, ssize_t count, off64_t offset) {
  uint64_t inode = count > 0 ? inode_of(descriptor) : 0;
  if (inode) {
    if (offset < 0) offset = lseek64(descriptor, 0, SEEK_CUR) - count;
    record(WRITTEN, inode, (uint64_t)offset, NULL, data, (size_t)count);
  }
  return count;
}

ssize_t write(int descriptor, const void *data, size_t count) {
  return written(descriptor, data, real_write(descriptor, data, count), -1);
}

ssize_t pwrite64(int descriptor, const void *data, size_t count, off64_t offset) {
  return written(descriptor, data, real_pwrite64(descriptor, data, count, offset), offset);
}

ssize_t writev(int descriptor, const struct iovec *parts, int count) {
  if (!inode_of(descriptor)) return real_writev(descriptor, parts, count);
  ssize_t sum = 0;
  for (int part = 0; part < count; part++) {
    ssize_t done = write(descriptor, parts[part].iov_base, parts[part].iov_len);
    if (done < 0) return sum > 0 ? sum : done;
    sum += done;
    if ((size_t)done < parts[part].iov_len) break;
  }
  return sum;
}

int ftruncate64(int descriptor, off64_t length) {
  int result = real_ftruncate64(descriptor, length);
  uint64_t inode = result == 0 ? inode_of(descriptor) : 0;
  if (inode) record(TRUNCATED, inode, (uint64_t)length, NULL, NULL, 0);
  return result;
}

int truncate(const char *path, off_t length) {
  int result = real_truncate(path, length);
  struct stat64 stat;
  if (result == 0 && is_below(path) && stat64(path, &stat) == 0)
    record(TRUNCATED, stat.st_ino, (uint64_t)length, NULL, NULL, 0);
  return result;
}

static int synced(int descriptor, int (*really)(int)) {
  uint64_t inode = inode_of(descriptor);
  if (!inode) return really(descriptor);
  const char *path = directory_of[descriptor];
  uint64_t number = __atomic_add_fetch(&syncs, 1, __ATOMIC_RELAXED);
  record(SYNC_BEGINS, inode, number, path, NULL, 0);
  record(SYNCED, inode, number, path, NULL, 0);
  return 0;
}

int fsync(int descriptor) { return synced(descriptor, real_fsync); }
int fdatasync(int descriptor) { return synced(descriptor, real_fdatasync); }

static int unlinked(int result, const char *path) {
  if (result == 0 && is_below(path)) record(UNLINKED, 0, 0, path, NULL, 0);
  return result;
}

int unlink(const char *path) { return unlinked(real_unlink(path), path); }
int remove(const char *path) { return unlinked(real_remove(path), path); }
int unlinkat(int directory, const char *path, int flags) {
  return unlinked(real_unlinkat(directory, path, flags), directory == AT_FDCWD ? path : NULL);
}

int link(const char *from, const char *to) {
  int result = real_link(from, to);
  if (result == 0 && is_below(to)) record(LINKED, 0, 0, to, from, strlen(from));
  return result;
}

int rename(const char *from, const char *to) {
  int result = real_rename(from, to);
  if (result == 0 && is_below(to)) record(RENAMED, 0, 0, to, from, strlen(from));
  return result;
}

int mkdir(const char *path, mode_t mode) {
  int result = real_mkdir(path, mode);
  if (result == 0 && is_below(path)) record(DIRECTORY_MADE, 0, 0, path, NULL, 0);
  return result;
}

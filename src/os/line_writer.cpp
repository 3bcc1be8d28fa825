#include "os/line_writer.hpp"

#include <cerrno>
#include <condition_variable>
#include <csignal>
#include <deque>
#include <fcntl.h>
#include <mutex>
#include <poll.h>
#include <pthread.h>
#include <string_view>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "os/fd.hpp"

namespace querent::os {
namespace {

bool write_all(int fd, std::string_view octets) {
  while (!octets.empty()) {
    const auto written = ::write(fd, octets.data(), octets.size());
    if (written >= 0) {
      octets.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN) {
      pollfd room{.fd = fd, .events = POLLOUT, .revents = 0};
      ::poll(&room, 1, -1);
    } else if (errno != EINTR) {
      return false;
    }
  }
  return true;
}

// For the threads started meanwhile. What the thread itself does wrong must still end the process.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGSYS, SIGTRAP})
      sigdelset(&all, fault);
    pthread_sigmask(SIG_BLOCK, &all, &before_);
  }
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t before_{};
};

}  // namespace

struct LineWriter::Shared {
  explicit Shared(Fd to) : fd(std::move(to)) {}

  const Fd fd;
  mutable std::mutex mutex;  // never held while writing
  std::condition_variable changed;
  std::deque<std::string> lines;
  Gap gap;
  std::uint64_t dropped = 0;
  std::uint64_t dropped_and_told = 0;
  bool closing = false;
  bool finished = false;
};

SysResult<LineWriter> LineWriter::open(int fd) {
  LineWriter writer(std::make_shared<Shared>(Fd(::fcntl(fd, F_DUPFD_CLOEXEC, 0))));
  const SignalsBlocked while_starting;
  try {
    writer.thread_ = std::thread([shared = writer.shared_] { run(*shared); });
  } catch (const std::system_error& refused) {
    return failure(SysError{"start the thread that writes the log", refused.code().value()});
  }
  return writer;
}

LineWriter::~LineWriter() {
  if (!thread_.joinable()) return;
  std::unique_lock lock(shared_->mutex);
  shared_->closing = true;
  shared_->changed.notify_all();
  const bool finished =
      shared_->changed.wait_for(lock, kPatience, [this] { return shared_->finished; });
  shared_->lines.clear();
  lock.unlock();
  if (finished) {
    thread_.join();
  } else {
    thread_.detach();
  }
}

void LineWriter::write(std::string line) {
  const std::scoped_lock lock(shared_->mutex);
  if (shared_->lines.size() == kLines) {
    shared_->lines.pop_front();
    ++shared_->dropped;
  }
  shared_->lines.push_back(std::move(line));
  shared_->changed.notify_all();
}

void LineWriter::describe_gaps(Gap gap) {
  const std::scoped_lock lock(shared_->mutex);
  shared_->gap = std::move(gap);
}

std::uint64_t LineWriter::dropped() const {
  const std::scoped_lock lock(shared_->mutex);
  return shared_->dropped;
}

void LineWriter::run(Shared& shared) {
  std::unique_lock lock(shared.mutex);
  while (true) {
    shared.changed.wait(lock, [&] { return shared.closing || !shared.lines.empty(); });
    if (shared.lines.empty()) break;
    const auto missing = shared.dropped - shared.dropped_and_told;
    const auto gap = missing > 0 ? shared.gap : Gap{};
    const auto line = std::exchange(shared.lines.front(), {});
    shared.lines.pop_front();
    lock.unlock();
    const bool told = gap && write_all(shared.fd.number(), gap(missing));
    const bool written = write_all(shared.fd.number(), line);
    lock.lock();
    if (told) shared.dropped_and_told += missing;
    if (!written) ++shared.dropped;
  }
  shared.finished = true;
  shared.changed.notify_all();
}

}  // namespace querent::os

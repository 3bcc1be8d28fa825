#include "lab/process.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

#include "os/clock.hpp"

namespace querent::lab {
namespace {

using os::Fd;
using os::sys_failure;
using os::SysResult;

constexpr std::size_t kKept = std::size_t{16} << 20U;
constexpr int kPipeSize = 1 << 20;

struct Pipe {
  Fd out;  // to read from
  Fd in;
};

SysResult<Pipe> open_pipe() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return sys_failure("open a pipe");
  return Pipe{Fd(ends[0]), Fd(ends[1])};
}

// What the child gets, and what we read from it, if we do.
SysResult<Pipe> open_sink(const Sink& sink, int inherited) {
  if (sink.kind == Sink::Kind::kInherit) {
    Pipe pipe{Fd(), Fd(fcntl(inherited, F_DUPFD_CLOEXEC, 3))};
    if (!pipe.in) return sys_failure("hand on a stream");
    return pipe;
  }
  if (sink.kind == Sink::Kind::kFile) {
    Pipe pipe{Fd(), Fd(open(sink.file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644))};
    if (!pipe.in) return sys_failure("open " + sink.file);
    return pipe;
  }
  auto pipe = open_pipe();
  if (!pipe) return pipe;
  if (fcntl(pipe->out.number(), F_SETFL, O_NONBLOCK) != 0) return sys_failure("open a pipe");
  static_cast<void>(fcntl(pipe->out.number(), F_SETPIPE_SZ, kPipeSize));
  return pipe;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> all;
  all.reserve(texts.size() + 1);
  for (std::string& text : texts)
    all.push_back(text.data());
  all.push_back(nullptr);
  return all;
}

// Ours, overruled by what the command says.
std::vector<std::string> environment_of(const Invocation& command) {
  std::vector<std::string> all = command.environment;
  const auto name_of = [](std::string_view entry) { return entry.substr(0, entry.find('=')); };
  for (char** one = environ; *one != nullptr; ++one) {
    const bool overruled =
        std::any_of(command.environment.begin(), command.environment.end(),
                    [&](const std::string& ours) { return name_of(ours) == name_of(*one); });
    if (!overruled) all.emplace_back(*one);
  }
  return all;
}

struct Launch {
  char* const* argv;
  char* const* environment;
  int space;  // -1: stay
  int in, out, err;
  int report;  // where an errno goes when it cannot start
};

// Between fork and exec: nothing here may allocate, or take a lock.
[[noreturn]] void become(const Launch& launch) {
  sigset_t none;
  sigemptyset(&none);
  const bool ready = (launch.space < 0 || setns(launch.space, CLONE_NEWNET) == 0) &&
                     dup2(launch.in, STDIN_FILENO) >= 0 && dup2(launch.out, STDOUT_FILENO) >= 0 &&
                     dup2(launch.err, STDERR_FILENO) >= 0 && signal(SIGPIPE, SIG_DFL) != SIG_ERR &&
                     sigprocmask(SIG_SETMASK, &none, nullptr) == 0;
  if (ready) execvpe(launch.argv[0], launch.argv, launch.environment);
  const int why = errno;
  static_cast<void>(!write(launch.report, &why, sizeof why));
  _exit(127);
}

// A parent's death signal is forgotten when a program changes its user, so a process of its own
// waits for the end of either. It must keep nothing else open.
[[noreturn]] void guard(int alive, int ended) {
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, nullptr);
  const auto low = static_cast<unsigned>(std::min(alive, ended));
  const auto high = static_cast<unsigned>(std::max(alive, ended));
  if (low > 0) close_range(0, low - 1, 0);
  if (low + 1 < high) close_range(low + 1, high - 1, 0);
  close_range(high + 1, ~0U, 0);
  std::array<pollfd, 2> either{{{alive, POLLIN, 0}, {ended, POLLIN, 0}}};
  while (poll(either.data(), either.size(), -1) < 0 && errno == EINTR) {
  }
  static_cast<void>(syscall(SYS_pidfd_send_signal, ended, SIGKILL, nullptr, 0));
  _exit(0);
}

Exit exit_from(int status, const rusage& used) {
  const auto lasted = [](const timeval& time) {
    return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
  };
  Exit exit;
  exit.cpu = lasted(used.ru_utime) + lasted(used.ru_stime);
  if (WIFSIGNALED(status)) {
    exit.signal = WTERMSIG(status);
  } else {
    exit.code = WEXITSTATUS(status);
  }
  return exit;
}

// Nothing while it runs.
std::optional<Exit> reap(pid_t pid, int options) {
  int status = 0;
  rusage used{};
  pid_t reaped = 0;
  do {
    reaped = wait4(pid, &status, options, &used);
  } while (reaped < 0 && errno == EINTR);
  if (reaped != pid) return std::nullopt;
  return exit_from(status, used);
}

int milliseconds_until(Instant until) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - os::now());
  return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 60'000));
}

}  // namespace

Process::Child& Process::Child::operator=(Child&& other) noexcept {
  std::swap(pid, other.pid);
  std::swap(guard, other.guard);
  std::swap(ended, other.ended);
  std::swap(alive, other.alive);
  std::swap(exit, other.exit);
  return *this;
}

Process::Child::~Child() {
  if (pid > 0 && !exit) {
    ::kill(pid, SIGKILL);
    static_cast<void>(reap(pid, 0));
  }
  if (guard > 0) {
    ::kill(guard, SIGKILL);
    static_cast<void>(reap(guard, 0));
  }
}

SysResult<void> Process::Child::watch() {
  ended = Fd(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
  if (!ended) return sys_failure("watch a process");
  auto pipe = open_pipe();
  if (!pipe) return failure(pipe.error());
  alive = std::move(pipe->in);
  guard = fork();
  if (guard < 0) return sys_failure("guard a process");
  if (guard == 0) lab::guard(pipe->out.number(), ended.number());
  return {};
}

SysResult<Process> Process::spawn(const Invocation& command) {
  const std::string doing = "start " + (command.argv.empty() ? "nothing" : command.argv.front());
  if (command.argv.empty()) return sys_failure(doing, EINVAL);
  const Fd nothing(open("/dev/null", O_RDONLY | O_CLOEXEC));
  if (!nothing) return sys_failure("open /dev/null");
  auto out = open_sink(command.out, STDOUT_FILENO);
  if (!out) return failure(out.error());
  auto err = open_sink(command.err, STDERR_FILENO);
  if (!err) return failure(err.error());
  auto report = open_pipe();
  if (!report) return failure(report.error());

  auto argv = command.argv;
  auto environment = environment_of(command);
  const auto argv_pointers = pointers(argv);
  const auto environment_pointers = pointers(environment);
  const Launch launch{argv_pointers.data(),
                      environment_pointers.data(),
                      command.where == nullptr ? -1 : command.where->fd().number(),
                      nothing.number(),
                      out->in.number(),
                      err->in.number(),
                      report->in.number()};

  Process process;
  process.out_.pipe = std::move(out->out);
  process.err_.pipe = std::move(err->out);
  process.child_.pid = fork();
  if (process.child_.pid < 0) return sys_failure(doing);
  if (process.child_.pid == 0) become(launch);
  if (auto watched = process.child_.watch(); !watched) return failure(watched.error());

  report->in = Fd();
  int why = 0;
  if (read(report->out.number(), &why, sizeof why) > 0) return sys_failure(doing, why);
  return process;
}

void Process::kill(int signal) const {
  if (child_.pid > 0 && !child_.exit) ::kill(child_.pid, signal);
}

bool Process::has_ended() {
  if (!child_.exit) child_.exit = reap(child_.pid, WNOHANG);
  return child_.exit.has_value();
}

std::optional<Exit> Process::wait(Duration timeout) {
  const Instant until = os::now() + timeout;
  for (;;) {
    const bool ended = has_ended();
    out_.drain();
    err_.drain();
    if (ended || os::now() >= until) return child_.exit;
    await(until);
  }
}

const std::string& Process::output() {
  out_.drain();
  return out_.text;
}

const std::string& Process::errors() {
  err_.drain();
  return err_.text;
}

bool Process::wait_for_output(std::string_view text, Duration timeout) {
  return await_text(out_, text, timeout);
}

bool Process::wait_for_errors(std::string_view text, Duration timeout) {
  return await_text(err_, text, timeout);
}

bool Process::await_text(Stream& stream, std::string_view text, Duration timeout) {
  const Instant until = os::now() + timeout;
  for (;;) {
    const bool ended = has_ended();
    out_.drain();
    err_.drain();
    if (stream.text.find(text) != std::string::npos) return true;
    if (ended || os::now() >= until) return false;
    await(until);
  }
}

void Process::await(Instant until) const {
  std::array<pollfd, 3> any{{{child_.ended.number(), POLLIN, 0},
                             {out_.pipe.number(), POLLIN, 0},
                             {err_.pipe.number(), POLLIN, 0}}};
  static_cast<void>(poll(any.data(), any.size(), milliseconds_until(until)));
}

void Process::Stream::drain() {
  std::array<char, 16384> part{};
  while (pipe) {
    const ssize_t size = read(pipe.number(), part.data(), part.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0 && errno == EAGAIN) return;
    if (size <= 0) {
      pipe = Fd();
      return;
    }
    text.append(part.data(), std::min(static_cast<std::size_t>(size), kKept - text.size()));
  }
}

}  // namespace querent::lab

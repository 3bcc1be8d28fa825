#include "log/queue.hpp"

#include <array>
#include <spdlog/async_logger.h>
#include <spdlog/details/thread_pool.h>
#include <string>
#include <system_error>
#include <utility>

#include "log/sink.hpp"
#include "os/signals.hpp"

namespace querent::log {
namespace {

using Pool = spdlog::details::thread_pool;
using Logger = spdlog::async_logger;

static_assert(int{spdlog::level::trace} == static_cast<int>(config::LogLevel::kTrace));
static_assert(int{spdlog::level::err} == static_cast<int>(config::LogLevel::kError));

std::shared_ptr<Logger> open_logger(const std::shared_ptr<Destination>& destination,
                                    const LogStyle& style, const std::shared_ptr<Pool>& pool) {
  auto logger = std::make_shared<Logger>("", std::make_shared<Sink>(destination, style), pool,
                                         spdlog::async_overflow_policy::overrun_oldest);
  logger->set_level(spdlog::level::trace);
  // spdlog's own writes to stderr, and would wait there.
  logger->set_error_handler([](const std::string& /*what*/) {});
  return logger;
}

}  // namespace

// A logger for each format, so that what is queued keeps its own.
struct LogQueue::Shared {
  explicit Shared(int fd) : destination(std::make_shared<Destination>(fd)) {}

  Logger& logger() { return *loggers.at(static_cast<std::size_t>(format)); }

  std::shared_ptr<Destination> destination;
  std::shared_ptr<Pool> pool;
  std::array<std::shared_ptr<Logger>, 2> loggers;
  config::LogFormat format{};
  std::uint64_t written = 0;
};

os::SysResult<LogQueue> LogQueue::open(int fd, const LogStyle& style) {
  auto shared = std::make_shared<Shared>(fd);
  shared->format = style.format;
  try {
    const os::SignalsBlocked while_starting;
    // The pool's destructor waits for the thread. So the thread owns the pool.
    shared->pool = std::make_shared<Pool>(
        kLines, 1, [] {}, [shared] {});
  } catch (const std::system_error& refused) {
    return failure(os::SysError{"start the thread that writes the log", refused.code().value()});
  }
  for (const auto format : {config::LogFormat::kText, config::LogFormat::kJson}) {
    auto in_format = style;
    in_format.format = format;
    shared->loggers.at(static_cast<std::size_t>(format)) =
        open_logger(shared->destination, in_format, shared->pool);
  }
  return LogQueue(std::move(shared));
}

LogQueue::~LogQueue() {
  if (!shared_) return;
  shared_->destination->close(shared_->written - shared_->pool->overrun_counter(), kPatience);
}

void LogQueue::write(const LogLine& line, WallTime time) {
  const auto rest = format_rest(line, shared_->format);
  const auto number = static_cast<std::uint32_t>(shared_->written++);
  shared_->logger().log(time, log_location(number),
                        static_cast<spdlog::level::level_enum>(line.level), rest);
}

void LogQueue::use(config::LogFormat format) {
  shared_->format = format;
}

std::uint64_t LogQueue::dropped() const {
  return shared_->pool->overrun_counter() + shared_->destination->refused();
}

}  // namespace querent::log

#include "app/inbox.hpp"

#include <cerrno>
#include <cstdint>
#include <sys/eventfd.h>
#include <unistd.h>

namespace querent::app {

os::SysResult<Inbox> Inbox::open() {
  const int fd = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (fd < 0) return failure(os::SysError{"make an eventfd", errno});
  auto shared = std::make_shared<Shared>();
  shared->wake = os::Fd(fd);
  return Inbox(std::move(shared));
}

bool Inbox::tell(Job job) const {
  const std::lock_guard lock(shared_->mutex);
  if (shared_->closed || shared_->waiting.size() >= kMostWaiting) return false;
  shared_->waiting.push_back(std::move(job));
  const std::uint64_t one = 1;
  return ::write(shared_->wake.number(), &one, sizeof one) == sizeof one;
}

void Inbox::answer(const std::function<void()>& run_due) const {
  std::vector<Job> jobs;
  {
    const std::lock_guard lock(shared_->mutex);
    std::uint64_t count = 0;
    [[maybe_unused]] const auto read = ::read(shared_->wake.number(), &count, sizeof count);
    jobs.swap(shared_->waiting);
  }
  for (const auto& job : jobs) {
    job();
    run_due();
  }
}

void Inbox::close() const {
  const std::lock_guard lock(shared_->mutex);
  shared_->closed = true;
  shared_->waiting.clear();
}

}  // namespace querent::app

#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "os/fd.hpp"
#include "os/sys_error.hpp"
#include "querent/time.hpp"

namespace querent::app {

// Where other threads ask and the loop answers: all that they share. Copies are the same one.
class Inbox {
 public:
  using Job = std::function<void()>;
  // How long an asker waits, and how many questions may wait.
  static constexpr Duration kPatience = std::chrono::seconds(1);
  static constexpr std::size_t kMostWaiting = 256;

  static os::SysResult<Inbox> open();

  // From any thread: what `question()` returns when the loop calls it. Nothing: the loop has not
  // come to it in time, has ended, or too many others wait. What it refers to must live as long as
  // the loop runs.
  template <class Question>
  auto ask(Question question) const {
    using Answer = decltype(question());
    auto promise = std::make_shared<std::promise<Answer>>();
    auto answer = promise->get_future();
    const bool posted =
        tell([promise, question = std::move(question)] { promise->set_value(question()); });
    if (!posted || answer.wait_for(kPatience) != std::future_status::ready)
      return std::optional<Answer>{};
    return std::optional<Answer>{answer.get()};
  }
  // The same without an answer, and without waiting; false: it will not be called.
  bool tell(Job job) const;

  // For the loop: readable while something waits; calls all of it, and after each what is due by
  // then; refuses what still comes.
  const os::Fd& fd() const { return shared_->wake; }
  void answer(const std::function<void()>& run_due) const;
  void close() const;

 private:
  struct Shared {
    os::Fd wake;  // an eventfd
    std::mutex mutex;
    std::vector<Job> waiting;
    bool closed = false;
  };

  explicit Inbox(std::shared_ptr<Shared> shared) : shared_(std::move(shared)) {}

  std::shared_ptr<Shared> shared_;
};

// An answer, given again while it is young: whoever asks meanwhile waits for the same one.
template <class Answer>
class Remembered {
 public:
  static constexpr Duration kYoung = std::chrono::milliseconds(250);

  // `ask()` answers with a pointer; none is remembered, too.
  template <class Ask>
  std::shared_ptr<const Answer> get(Ask ask) {
    const std::lock_guard lock(mutex_);
    const auto now = std::chrono::steady_clock::now();
    if (now - asked_ < kYoung) return answer_;
    answer_ = ask();
    asked_ = std::chrono::steady_clock::now();
    return answer_;
  }

 private:
  std::mutex mutex_;
  std::shared_ptr<const Answer> answer_;
  std::chrono::steady_clock::time_point asked_{};
};

}  // namespace querent::app

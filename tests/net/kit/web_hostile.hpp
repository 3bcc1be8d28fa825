#pragma once

#include <atomic>
#include <cstddef>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "web_kit.hpp"

// Many who mean no good, each on a thread and an address of its own kind, until this goes.

namespace querent::test {

class HostileCrowd {
 public:
  HostileCrowd(const lab::Namespace& where, std::size_t clients);
  ~HostileCrowd();
  HostileCrowd(const HostileCrowd&) = delete;
  HostileCrowd& operator=(const HostileCrowd&) = delete;

  // How often each kind has had its way so far.
  std::map<std::string, int> done() const;

 private:
  void live(const lab::Namespace& where, std::size_t number);

  std::atomic<bool> over_ = false;
  mutable std::mutex mutex_;
  std::map<std::string, int> done_;
  std::vector<std::thread> clients_;
};

}  // namespace querent::test

#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "core/action.hpp"
#include "querent/time.hpp"
#include "sim/frame.hpp"
#include "sim/scenario.hpp"

namespace querent::sim {

// What a simulation did, for a person (lines) and for comparison (one number: the same seed gives
// the same fingerprint). Lines cost time, so they are made only when somebody listens.
class Trace {
 public:
  using Listener = std::function<void(const std::string& line)>;

  void listen(Listener listener) { listener_ = std::move(listener); }
  bool is_heard() const { return static_cast<bool>(listener_); }

  void acted(Instant now, NodeId node, Address address, const core::Action& action);
  void sent(Instant now, NodeId node, const Frame& frame);
  void happened(Instant now, const Happening& what);
  void say(Instant now, const std::string& text);

  std::uint64_t fingerprint() const { return fingerprint_; }

 private:
  void fold(std::uint64_t value);

  Listener listener_;
  std::uint64_t fingerprint_ = 0;
};

// "v2 general query", "v3 report of 2 records", ...
std::string describe(const Frame& frame);
std::string describe(const core::Action& action);
std::string describe(const Happening& what);

}  // namespace querent::sim

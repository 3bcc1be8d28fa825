#pragma once

#include <list>
#include <string>

#include "app/segment_runner.hpp"
#include "config/config.hpp"
#include "net/link_monitor.hpp"
#include "observe/status.hpp"

namespace querent::app {

// An interface by its configured name, whether it is there or not: the same attachment as long as
// it is configured, whatever comes and goes under that name.
class ConfiguredInterface {
 public:
  // kFailed: there, but of no use: reason() says why.
  using State = observe::InterfaceStatus::State;

  ConfiguredInterface(std::string name, config::InterfaceConfig config, Runtime& runtime);

  // It is there, and this is what it is like now.
  void present(const net::Interface& interface);
  // Nothing has this name any more.
  void gone();
  void reconfigure(const config::InterfaceConfig& config);

  const std::string& name() const { return name_; }
  State state() const { return state_; }
  // "belongs to br0 (bridge): name br0 instead"; empty while up.
  const std::string& reason() const { return reason_; }
  const config::InterfaceConfig& config() const { return config_; }
  const std::list<SegmentRunner>& segments() const { return segments_; }
  // All but the groups, at that moment.
  observe::InterfaceStatus status(Instant now) const;

 private:
  void become(State state, const std::string& reason);
  void set_up_segment(Family family, const std::optional<core::Settings>& settings);

  std::string name_;
  config::InterfaceConfig config_;
  Runtime& runtime_;
  State state_ = State::kMissing;
  std::string reason_ = "missing";
  net::Interface interface_;           // as last seen
  std::list<SegmentRunner> segments_;  // one a family that is spoken, in their order
};

}  // namespace querent::app

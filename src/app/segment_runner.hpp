#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "app/narrate.hpp"
#include "app/outbox.hpp"
#include "app/segment_recorder.hpp"
#include "app/wakeups.hpp"
#include "core/segment.hpp"
#include "log/log.hpp"
#include "net/frame_batch.hpp"
#include "net/link_monitor.hpp"
#include "net/packet_socket.hpp"
#include "net/raw_socket.hpp"
#include "observe/status.hpp"
#include "os/poller.hpp"

namespace querent::app {

// What all links of a process share.
struct Runtime {
  os::Poller& poller;
  net::FrameBatch& batch;
  log::Log& log;
  Wakeups& wakeups;
  // Reads the clock, and does what is due anywhere: called before each handler, and between two
  // frames, so that a flood delays no query.
  std::function<void()> run_due;
  std::shared_ptr<const observe::GroupNames> names;  // as configured, never null
  Instant now{};                                     // of this turn
  bool news = true;  // something changed that a status line would tell
};

// One family on one interface: a segment and the sockets it lives on. Frames become events,
// actions become frames.
class SegmentRunner final : public Sleeper {
 public:
  SegmentRunner(Subject subject, const core::Settings& settings, Runtime& runtime);
  ~SegmentRunner() override;

  SegmentRunner(const SegmentRunner&) = delete;
  SegmentRunner& operator=(const SegmentRunner&) = delete;

  // The interface can send, and this is what it is like now. Also when it could before.
  void carry(const net::Interface& interface);
  // It cannot (any more): it is missing, down, or of no use.
  void drop(observe::State why);
  void reconfigure(const core::Settings& settings);

  // Does what is due; never harmful. The runtime's alarms say when.
  void run_due(Instant now) override;

  const Subject& subject() const { return subject_; }
  const core::Segment& segment() const { return segment_; }
  // Why there are no sockets although the interface can send; empty: there are.
  const std::string& reason() const { return reason_; }
  // All but the groups, at that moment.
  observe::SegmentStatus status(Instant now) const;

 private:
  // Both sockets, open.
  struct Sockets {
    net::PacketSocket wire;
    net::RawSocket host;
    os::Poller::Watch wire_watch = 0;
    os::Poller::Watch host_watch = 0;
  };

  // The time of a step, and since when what it sends is due.
  struct Turn {
    Instant now;
    Instant since;
  };

  bool regained_ipv6(const net::Interface& interface) const;
  observe::State state() const;
  void follow_state(Instant now);
  void forget_link(Instant now);
  bool open(Instant now);
  void close(Instant now);
  void fail(const os::SysError& error, bool recovers, Instant now);
  void reopen(Instant now);

  void receive_wire();
  void receive_host();
  template <class Frames>
  void receive(const os::SysResult<Frames>& frames, core::Origin origin);
  void take(const net::ReceivedFrame& frame, core::Origin origin, Instant now);
  void log_malformed(const net::ReceivedFrame& frame, core::Origin origin, wire::DropReason reason);

  Instant deadline() const;
  void set_wakeup();

  void count_drops(Instant now);

  // The segment's deadline, if it has come.
  std::optional<Instant> due(Instant now) const;
  void step(const core::Event& event, Instant now);
  void perform(std::span<const core::Action> actions, const Turn& turn);
  void send(Outbox::Entry entry);
  void forget_unsent(const core::Action& action);
  os::SysResult<void> transmit(const Packet& packet);

  Subject subject_;
  Runtime& runtime_;
  core::Segment segment_;
  std::optional<net::Interface> interface_;      // while it can send
  std::optional<core::LocalInterface> carried_;  // as the segment knows it
  std::optional<Sockets> sockets_;
  std::string reason_;
  Duration pause_{0};  // before the next try to open sockets
  Instant reopen_at_ = kNever;
  Outbox outbox_;
  Instant wakeup_ = kNever;                            // as the runtime's alarms know it
  observe::State outside_ = observe::State::kMissing;  // why it cannot send
  SegmentRecorder record_;
};

}  // namespace querent::app

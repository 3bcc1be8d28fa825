#include "sim/querier_node.hpp"

#include <utility>

#include "sim/look_for.hpp"
#include "wire/codec.hpp"

namespace querent::sim {

namespace {

constexpr std::size_t kEthernetMtu = 1500;
constexpr std::size_t kSocketBuffer = 256;  // frames; the kernel's default holds as many

}  // namespace

QuerierNode::QuerierNode(const Identity& identity, Random random, Watch watch)
    : identity_(identity),
      segment_(identity_.settings, identity_.address.family(), random),
      watch_(std::move(watch)) {}

// Drawn from the deadline itself: however often it is asked for, it is the same.
Duration QuerierNode::lateness(Instant due) const {
  const auto seed = static_cast<std::uint64_t>(due.time_since_epoch().count());
  return Random(seed + identity_.mac.octets.back()).between({}, kMaxLateness);
}

core::LocalInterface QuerierNode::link() const {
  return {.mac = identity_.mac,
          .addresses = {{identity_.address, identity_.subnet.length()}},
          .max_query_sources = wire::max_query_sources(identity_.address.family(), kEthernetMtu)};
}

void QuerierNode::plug_in(Instant now, Out& out) {
  plugged_in_ = true;
  step(core::LinkUp{link()}, now, out);
}

void QuerierNode::unplug(Instant now, Out& out) {
  plugged_in_ = false;
  step(core::LinkDown{}, now, out);
}

void QuerierNode::change_address(Address address, Instant now, Out& out) {
  identity_.address = address;
  step(core::LinkChanged{link()}, now, out);
}

void QuerierNode::receive(const FramePtr& frame, Instant now, Out& out) {
  if (!plugged_in_ || !frame->message) return;
  if (!asleep_until_) return hear(*frame, now, out);
  if (socket_buffer_.size() < kSocketBuffer) socket_buffer_.push_back(frame);
}

void QuerierNode::hear(const Frame& frame, Instant now, Out& out) {
  step(core::Received{*frame.message, frame.from, core::Origin::kWire}, now, out);
}

void QuerierNode::wake(Instant now, Out& out) {
  if (asleep_until_) {
    if (now < *asleep_until_) return;
    asleep_until_.reset();
    step(core::Tick{}, now, out);
    for (const auto& frame : std::exchange(socket_buffer_, {}))
      hear(*frame, now, out);
    return;
  }
  step(core::Tick{}, now, out);
}

Instant QuerierNode::deadline() const {
  if (asleep_until_) return *asleep_until_;
  const auto due = segment_.deadline();
  return due ? *due + lateness(*due) : kNever;
}

void QuerierNode::step(const core::Event& event, Instant now, Out& out) {
  const auto actions = segment_.step(event, now);
  for (const auto& action : actions) {
    if (const auto* send = look_for<core::SendQuery>(action)) {
      out.push_back(make_frame(identity_.mac, core::packet_of(*send)));
    }
  }
  watch_(*this, event, actions, now);
}

}  // namespace querent::sim

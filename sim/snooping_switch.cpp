#include "sim/snooping_switch.hpp"

namespace querent::sim {

std::vector<SnoopingSwitch::Port> SnoopingSwitch::forward(const Frame& frame, Port in,
                                                          Instant now) {
  if (!snoops_ || (!frame.data && !frame.message)) return all_but(in);
  if (frame.get<Query>() != nullptr) {
    // A query from 0.0.0.0 is another switch's and makes no router port (RFC 4541 2.1.1).
    if (!frame.message->source.is_unspecified()) router_until_[in] = now + kRouterPortExpiry;
    return all_but(in);
  }
  if (const auto* report = frame.get<Report>()) learn(*report, in, now);

  std::vector<Port> ports;
  for (const Port port : all_but(in)) {
    const bool out = frame.data ? passes(frame.data->group, port, now) : now < router_until_[port];
    if (out) ports.push_back(port);
  }
  return ports;
}

bool SnoopingSwitch::passes(Address group, Port port, Instant now) const {
  if (!snoops_ || now < router_until_[port]) return true;
  const auto member = member_until_.find({group, port});
  return member != member_until_.end() && now < member->second;
}

void SnoopingSwitch::learn(const Report& report, Port in, Instant now) {
  for (const auto& record : report.records) {
    const bool excludes =
        record.type == RecordType::kIsExclude || record.type == RecordType::kToExclude;
    const bool wants = excludes || (record.type != RecordType::kBlock && !record.sources.empty());
    if (wants) member_until_[{record.group, in}] = now + kMembershipExpiry;
  }
}

std::vector<SnoopingSwitch::Port> SnoopingSwitch::all_but(Port in) const {
  std::vector<Port> ports;
  for (Port port = 0; port < router_until_.size(); ++port) {
    if (port != in) ports.push_back(port);
  }
  return ports;
}

}  // namespace querent::sim

#pragma once

#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "hostile_queries.hpp"
#include "lab/process.hpp"
#include "querent/message.hpp"
#include "querent_lan.hpp"
#include "query_listener.hpp"

// An attacker and querent at the two ends of a cable: a switch would drop some of what is sent.

namespace querent::test {

class HostileCable : public testing::Test {
 protected:
  explicit HostileCable(Family family);

  // One of `family` alone, and it is querier. The version of both is theirs by default.
  void start_querier(const std::vector<std::string>& arguments = {}, Version version = Version::k3);
  void await(const std::string& text);
  void say(ByteView packet) { mouth_->say(packet, everybody(family_)); }

  // Nothing so far changed the role; what comes next does.
  void still_elects();
  void ends_well();

  Address address(int host) const { return lab::Lan::address_of(host, family_); }

  const Family family_;
  lab::Namespace attacker_;
  lab::Namespace host_;  // querent's
  std::optional<Mouth> mouth_;
  std::optional<QueryListener> ear_;  // the attacker's
  std::optional<lab::Process> querent_;
};

}  // namespace querent::test

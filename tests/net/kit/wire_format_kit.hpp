#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "querent/message.hpp"
#include "querent_lan.hpp"
#include "query_listener.hpp"
#include "tshark.hpp"

namespace querent::test {

// What querent is to send in that family and version, from that source: the values of its headers,
// lengths, places, checksums, and nothing that tshark warns of.
testing::Matcher<const JudgedQuery&> is_sound(const std::string& source,
                                              const std::string& version);

std::ptrdiff_t general(const std::vector<JudgedQuery>& queries);
std::ptrdiff_t about_groups(const std::vector<JudgedQuery>& queries);
std::ptrdiff_t about_sources(const std::vector<JudgedQuery>& queries);
int most_sources(const std::vector<JudgedQuery>& queries);

// Querent asks a member, on whose cable its queries are caught.
class WireFormat : public testing::Test {
 protected:
  static constexpr int kQuerent = 1;
  static constexpr int kMember = 2;

  explicit WireFormat(Family family);
  void SetUp() override;

  Address address_of(int host) const { return lab::Lan::address_of(host, family_); }
  lab::Process querent(const std::vector<std::string>& arguments) {
    return start_querent(lan_.host(kQuerent), arguments);
  }
  // How many sightings there were then: a `from` for what follows.
  std::size_t await_general_query(std::size_t from = 0);
  void await_query(Address group, std::size_t times, bool of_sources = false);
  // A member of "GROUP" or "GROUP:PORT@SOURCE" comes, is known to querent, and goes.
  void join_and_leave(Address group, const std::string& channel);
  // A report of the newest version, of the member's.
  void report(const Record& record);
  // The member no longer wants so many sources at once, numbered from the first.
  void drop_sources(Address group, Address first, std::size_t count);
  // Querent's that were sent until now.
  std::vector<JudgedQuery> judge();

  // From querent's host, as they are; a switch that snoops would drop some of them.
  Mouth forger();

  Family family_;
  lab::Lan lan_;
  QueryListener ear_;
  QueryListener router_ear_;
  Capture capture_;
};

}  // namespace querent::test

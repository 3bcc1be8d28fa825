#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "lab/namespace.hpp"
#include "lab/process.hpp"
#include "querent/address.hpp"

// What is on a wire, as others read it: caught by dumpcap, judged by tshark.

namespace querent::test {

// All that arrives at eth0 of one family's protocol, from its creation on.
class Capture {
 public:
  Capture(const lab::Namespace& where, Family family);
  ~Capture();
  Capture(const Capture&) = delete;
  Capture& operator=(const Capture&) = delete;

  void end();

  // What tshark says of the frames that pass its filter, field by field.
  std::vector<std::vector<std::string>> read(const std::string& filter,
                                             const std::vector<std::string>& fields) const;

 private:
  std::string file_;
  lab::Process process_;
};

// A query in tshark's words; what a family does not have is empty.
struct JudgedQuery {
  std::string source;
  std::string destination;
  std::string mac;  // where the frame went
  std::string hop_limit;
  std::string traffic_class;
  std::string dont_fragment;
  std::string router_alert;
  std::string ip_checksum;
  std::string checksum;
  std::string version;
  std::string group;
  int frame_length = 0;
  int length = 0;         // all of the IP packet
  int header_length = 0;  // with what stands between IP's header and the message
  int sources = 0;
  std::string expert;  // what it warns of
  std::string stray;   // octets that belong to nothing

  int message_length() const { return length - header_length; }
  bool is_general() const { return group == "0.0.0.0" || group == "::"; }
  bool is_about_group() const { return !is_general() && sources == 0; }
  bool is_about_sources() const { return !is_general() && sources > 0; }
};

std::ostream& operator<<(std::ostream& out, const JudgedQuery& query);

// Those that came from that MAC.
std::vector<JudgedQuery> igmp_queries(const Capture& capture, MacAddress from);
std::vector<JudgedQuery> mld_queries(const Capture& capture, MacAddress from);

// Whether a tool is on PATH.
bool is_installed(const std::string& tool);

}  // namespace querent::test

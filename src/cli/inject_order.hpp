#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/inject_kind.hpp"
#include "config/complaint.hpp"
#include "querent/address.hpp"
#include "querent/message.hpp"
#include "querent/time.hpp"

namespace querent::cli {

// What the command line says, as it says it; what is not said is absent or empty.
struct InjectOptions {
  std::string kind;                   // one of inject_kinds()
  std::vector<std::string> groups;    // a packet each; in a v3_report or mldv2_report a record each
  std::vector<std::string> sources;   // of each group
  std::optional<std::string> record;  // the type of all records: "is_ex" unless said
  std::optional<std::string> source;  // of the packet; else the interface's address
  std::optional<std::string> destination;
  std::optional<std::string> max_response;    // 10 s unless said; of a group query 1 s
  std::optional<std::string> query_interval;  // QQIC: 60 s unless said
  std::optional<std::int64_t> robustness;     // QRV: 2 unless said
  std::optional<std::int64_t> ttl;            // or hop limit; 1 unless said
  std::optional<std::int64_t> count;          // 1 unless said; 0: for ever
  std::optional<std::string> interval;        // 1 s unless said
  bool suppress = false;
  bool router_alert = true;
  bool bad_checksum = false;
};

// The options about the packets, as values. All addresses are of the kind's family.
struct InjectOrder {
  InjectKind kind;
  Address source = Address::unspecified(kind.family);
  std::optional<Address> destination{};
  std::vector<Address> groups{};
  std::vector<Address> sources{};
  RecordType record = RecordType::kIsExclude;
  Duration max_response{};
  std::uint8_t robustness = 0;
  Duration query_interval{};
  std::uint8_t ttl = 1;
  bool suppress = false;
  bool router_alert = true;
};

// Reads options and collects what is wrong with them: then what is read means nothing.
class InjectOrderReader {
 public:
  // The options are to outlive it.
  InjectOrderReader(const InjectOptions& options, const InjectKind& kind)
      : options_(options), order_{.kind = kind} {}

  InjectOrder read();
  std::int64_t number(const char* flag, std::optional<std::int64_t> value,
                      const Range<std::int64_t>& range, std::int64_t by_default);
  Duration duration(const char* flag, const std::optional<std::string>& text,
                    const Range<Duration>& range, Duration by_default);

  config::Complaints complaints() { return std::move(complaints_); }

 private:
  void refuse_what_does_not_apply();
  void refuse(bool given, const char* flag, const std::string& where);
  std::string kind_named(Speech speech, Version version) const;

  void read_addresses();
  void check_size();
  Address address(const char* flag, const std::string& text);
  Address group(const std::string& text);
  void complain_of_address(const char* flag, const std::string& text, const std::string& what);
  void read_query();
  void read_record();

  void complain(std::string what, std::string why, std::string attempt = {}) {
    complaints_.push_back({std::move(what), std::move(why), std::move(attempt)});
  }

  const InjectOptions& options_;
  InjectOrder order_;
  config::Complaints complaints_;
};

}  // namespace querent::cli

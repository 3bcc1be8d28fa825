#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <toml++/toml.h>
#include <utility>
#include <vector>

#include "config/complaint.hpp"

// What the readers of a configuration file share.

namespace querent::config {

// A scalar as it would be said on the command line, or nothing.
std::optional<std::string> text_of(const toml::node& node);

// A value in a complaint: "\"5x\"" in its quotes, "true", "an array". On one line.
std::string spelled(const toml::node& node);

std::size_t line_of(const toml::key& key);
std::size_t line_of(const toml::node& node);

// What is wrong with a file, gathered in any order.
class FileComplaints {
 public:
  explicit FileComplaints(std::string path) : path_(std::move(path)) {}

  // "querent.toml:3: query_interval".
  std::string origin(std::size_t line, std::string_view name) const;

  // About what is called `name` in this line; the rest is as in a Complaint.
  void add(std::size_t line, std::string_view name, std::string why, std::string attempt);

  // By line. Afterwards there are none.
  void hand_over(Complaints& errors);

 private:
  std::string path_;
  std::vector<std::pair<std::size_t, Complaint>> found_;  // by line
};

}  // namespace querent::config

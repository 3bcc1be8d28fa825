#include "net/capture_file.hpp"

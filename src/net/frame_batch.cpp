#include "net/frame_batch.hpp"

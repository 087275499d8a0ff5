// What a step of AdamW multiplies by, whatever its moments are kept in.
#pragma once

#include <cmath>

#include "kernels.h"

namespace hone {

/// What differs from tensor to tensor is the decay alone.
inline AdamWStep step_of(double lr, double beta1, double beta2, double epsilon, double weight_decay, int64_t step,
                         double gradient_scale) {
  return {static_cast<float>(beta1),
          static_cast<float>(beta2),
          static_cast<float>(epsilon),
          static_cast<float>(lr / (1 - std::pow(beta1, static_cast<double>(step)))),
          static_cast<float>(std::sqrt(1 - std::pow(beta2, static_cast<double>(step)))),
          static_cast<float>(1 - lr * weight_decay),
          static_cast<float>(gradient_scale)};
}

}  // namespace hone

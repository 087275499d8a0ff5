#include "door/door.h"

#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/variable.h>

#include <vector>

using namespace hone::door;

HONE_EXPORT int32_t hone_requires_grad(void* handle) { return view(handle).requires_grad() ? 1 : 0; }

HONE_EXPORT int hone_set_requires_grad(void* handle, int32_t value) {
  return guarded([&] { view(handle).set_requires_grad(value != 0); });
}

// The accumulated gradient, or null.
HONE_EXPORT int hone_grad(void* handle, void** gradient) {
  return guarded([&] {
    auto accumulated = view(handle).grad();
    *gradient = accumulated.defined() ? own(std::move(accumulated)) : nullptr;
  });
}

HONE_EXPORT int hone_set_grad(void* handle, void* gradient) {
  return guarded([&] { view(handle).mutable_grad() = gradient ? borrow(gradient) : at::Tensor(); });
}

// Accumulates into the leaves. `gradients` has one handle a root, null for a scalar root's 1; or is itself null.
HONE_EXPORT int hone_backward(void* const* roots, void* const* gradients, int32_t count) {
  return guarded([&] {
    std::vector<at::Tensor> outputs;
    std::vector<at::Tensor> seeds;
    for (int32_t i = 0; i < count; ++i) {
      outputs.push_back(borrow(roots[i]));
      if (gradients != nullptr) seeds.push_back(gradients[i] ? borrow(gradients[i]) : at::Tensor());
    }
    torch::autograd::backward(outputs, seeds);
  });
}

// The gradients of the roots' sum with respect to the inputs, without touching any leaf; null where there is none.
HONE_EXPORT int hone_gradients(void* const* roots, void* const* seeds, int32_t root_count, void* const* inputs,
                               int32_t input_count, int32_t create_graph, void** gradients) {
  return guarded([&] {
    std::vector<at::Tensor> outputs;
    std::vector<at::Tensor> weights;
    std::vector<at::Tensor> leaves;
    for (int32_t i = 0; i < root_count; ++i) {
      outputs.push_back(borrow(roots[i]));
      if (seeds != nullptr) weights.push_back(seeds[i] ? borrow(seeds[i]) : at::Tensor());
    }
    for (int32_t i = 0; i < input_count; ++i) leaves.push_back(borrow(inputs[i]));
    auto found = torch::autograd::grad(outputs, leaves, weights, create_graph != 0, create_graph != 0, true);
    for (int32_t i = 0; i < input_count; ++i) {
      auto& gradient = found[static_cast<size_t>(i)];
      gradients[i] = gradient.defined() ? own(std::move(gradient)) : nullptr;
    }
  });
}

HONE_EXPORT int32_t hone_grad_enabled() { return at::GradMode::is_enabled() ? 1 : 0; }

HONE_EXPORT void hone_set_grad_enabled(int32_t enabled) { at::GradMode::set_enabled(enabled != 0); }

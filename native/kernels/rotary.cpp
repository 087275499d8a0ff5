// Rotary position embedding (arXiv:2104.09864) by halves: pair i of a head is (x[i], x[i + half]), turned by the angle
// whose cosine and sine stand in column i of the token's row. What lies beyond 2 · half passes through.
#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

#include "tensors.h"

namespace hone {
namespace {

using at::Tensor;

void check(const Tensor& x, const Tensor& cos, const Tensor& sin, const Tensor& positions) {
  TORCH_CHECK(x.dim() == 3, "hone::rotary: x must be [token, head, dim], got ", x.sizes());
  TORCH_CHECK(cos.dim() == 2 && cos.sizes() == sin.sizes() && 2 * cos.size(1) <= x.size(2),
              "hone::rotary: cos and sin must be [position, at most dim / 2 = ", x.size(2) / 2, "], got ", cos.sizes(),
              " and ", sin.sizes());
  TORCH_CHECK(positions.dim() == 1 && positions.size(0) == x.size(0) && positions.scalar_type() == at::kLong,
              "hone::rotary: positions must be int64 [token = ", x.size(0), "], got ", positions.scalar_type(), " ",
              positions.sizes());
}

Tensor composite(const Tensor& x, const Tensor& cos, const Tensor& sin, const Tensor& positions) {
  check(x, cos, sin, positions);
  const auto wide = x.scalar_type() == at::kDouble ? at::kDouble : at::kFloat;
  const int64_t half = cos.size(1);
  const Tensor c = cos.index_select(0, positions).unsqueeze(1).to(wide);
  const Tensor s = sin.index_select(0, positions).unsqueeze(1).to(wide);
  const Tensor v = x.to(wide), a = v.narrow(-1, 0, half), b = v.narrow(-1, half, half);
  const Tensor rest = v.narrow(-1, 2 * half, x.size(2) - 2 * half);
  return at::cat({a * c - b * s, b * c + a * s, rest}, -1).to(x.scalar_type());
}

void check_range(const Tensor& positions, int64_t rows) {
  const int64_t* const position = data<int64_t>(positions);
  for (int64_t token = 0; token < positions.size(0); token++) {
    TORCH_CHECK(position[token] >= 0 && position[token] < rows, "hone::rotary: the position of token ", token,
                " must be from 0 to ", rows - 1, ", got ", position[token]);
  }
}

// sign 1 turns, -1 turns back.
Tensor turn(const Tensor& x, const Tensor& cos, const Tensor& sin, const Tensor& positions, float sign) {
  const int64_t tokens = x.size(0), heads = x.size(1), dim = x.size(2), half = cos.size(1);
  const Tensor dense = with_dense_rows(x);
  Tensor y = at::empty({tokens, heads, dim}, x.options());
  const int64_t* const position = data<int64_t>(positions);
  with_type_of(x, [&](auto type) {
    using T = decltype(type);
    const int64_t grain = std::max<int64_t>(1, 16384 / std::max<int64_t>(1, heads * dim));
    at::parallel_for(0, tokens, grain, [&](int64_t begin, int64_t end) {
      for (int64_t token = begin; token < end; token++) {
        kernels<T>().rotary(data<T>(dense) + token * dense.stride(0), dense.stride(1), data<T>(y) + token * heads * dim,
                            heads, dim, data<float>(cos) + position[token] * half,
                            data<float>(sin) + position[token] * half, half, sign);
      }
    });
  });
  return y;
}

struct Rotary : torch::autograd::Function<Rotary> {
  static Tensor forward(torch::autograd::AutogradContext* context, const Tensor& x, const Tensor& cos,
                        const Tensor& sin, const Tensor& positions) {
    at::AutoDispatchBelowADInplaceOrView below;
    context->save_for_backward({cos, sin, positions});
    return turn(x, cos, sin, positions, 1);
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list gradients) {
    at::NoGradGuard once;
    const auto saved = context->get_saved_variables();
    return {turn(gradients[0], saved[0], saved[1], saved[2], -1), Tensor(), Tensor(), Tensor()};
  }
};

Tensor rotary(const Tensor& x, const Tensor& cos, const Tensor& sin, const Tensor& positions) {
  if (!is_fused(x)) {
    return composite(x, cos, sin, positions);
  }

  check(x, cos, sin, positions);
  check_range(positions, cos.size(0));
  const Tensor c = cos.to(at::kFloat).contiguous(), s = sin.to(at::kFloat).contiguous(), p = positions.contiguous();
  if (needs_gradient(x)) {
    return Rotary::apply(x, c, s, p);
  }

  at::AutoDispatchBelowADInplaceOrView below;
  return turn(x, c, s, p, 1);
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(hone, library) {
  library.def("rotary(Tensor x, Tensor cos, Tensor sin, Tensor positions) -> Tensor");
  library.def("rotary.composite(Tensor x, Tensor cos, Tensor sin, Tensor positions) -> Tensor");
}

TORCH_LIBRARY_IMPL(hone, CompositeImplicitAutograd, library) {
  library.impl("rotary", composite);
  library.impl("rotary.composite", composite);
}

TORCH_LIBRARY_IMPL(hone, CPU, library) { library.impl("rotary", rotary); }

TORCH_LIBRARY_IMPL(hone, AutogradCPU, library) { library.impl("rotary", rotary); }

}  // namespace hone

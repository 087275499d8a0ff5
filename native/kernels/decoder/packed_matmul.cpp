// One product with packed weights: what the step does, for a matrix alone.
#include <torch/library.h>

#include "../tensors.h"

namespace hone::decoder {
namespace {

using at::Tensor;

/// x as products read it, which may take one number behind an odd row: as it is, or a copy.
Tensor with_even_rows(const Tensor& x) {
  const bool is_even = x.size(1) % 2 == 0 && x.stride(0) % 2 == 0 && x.stride(1) == 1;
  return is_even ? x : at::constant_pad_nd(x, {0, x.size(1) % 2}).contiguous();
}

template <class T>
Tensor multiply(const Tensor& x, const Tensor& weights) {
  const int64_t outputs = weights.size(0), inputs = weights.size(1), panels = (outputs + kPanel - 1) / kPanel;
  const int64_t panel_numbers = (inputs + kPanelInputs - 1) / kPanelInputs * kPanelInputs * kPanel;
  const Tensor packed = at::empty({panels, panel_numbers}, x.options()), rows = with_even_rows(x);
  const auto pack = [&](auto number, auto kernel) {
    for (int64_t i = 0; i < panels; i++) {
      kernel(data<decltype(number)>(weights) + i * kPanel * weights.stride(0), weights.stride(0),
             std::min(kPanel, outputs - i * kPanel), inputs, data<T>(packed) + i * panel_numbers);
    }
  };
  if (weights.scalar_type() == at::kFloat) {
    pack(float{}, kernels<T>().pack_floats);
  } else {
    pack(bfloat{}, kernels<T>().pack_bfloats);
  }

  const Tensor out = at::empty({x.size(0), panels * kPanel}, at::kFloat);
  kernels<T>().packed_product(data<T>(rows), rows.stride(0), packed.data_ptr(), x.size(0), panels, inputs,
                              data<float>(out), out.size(1));
  return out.slice(1, 0, outputs);
}

// x [row, input] times weights [output, input] packed in the dtype of x, float32 [row, output].
Tensor packed_matmul(const Tensor& x, const Tensor& weights) {
  TORCH_CHECK(x.dim() == 2 && weights.dim() == 2 && is_fused(x) && is_fused(weights) && x.size(1) == weights.size(1),
              "hone::packed_matmul: must have float32 or bfloat16 [row, input] and [output, input] on the cpu, got ",
              x.toString(), " ", x.sizes(), " and ", weights.toString(), " ", weights.sizes());
  const Tensor from = with_dense_rows(weights);
  return with_type_of(x, [&](auto number) { return multiply<decltype(number)>(x, from); });
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(hone, library) {
  library.def("packed_matmul(Tensor x, Tensor weights) -> Tensor", packed_matmul);
}

}  // namespace hone::decoder

// The product of 8-bit integers by oneDNN, where libtorch brings oneDNN as a library of its own: what processors can do
// at most in 8 bits, to measure other kernels by.
#include <ATen/ATen.h>
#include <dlfcn.h>
#include <torch/library.h>

namespace hone {
namespace {

// dnnl_gemm_u8s8s32 of oneDNN's C interface, matrices row by row; its headers are no part of libtorch.
using Product = int (*)(char transa, char transb, char offsetc, int64_t m, int64_t n, int64_t k, float alpha,
                        const uint8_t* a, int64_t lda, uint8_t ao, const int8_t* b, int64_t ldb, int8_t bo, float beta,
                        int32_t* c, int64_t ldc, const int32_t* co);

Product found() {
  static const auto product = reinterpret_cast<Product>(dlsym(RTLD_DEFAULT, "dnnl_gemm_u8s8s32"));
  return product;
}

// a uint8 [row, inner] times b int8 [inner, column] into out int32 [row, column].
void integer_product(const at::Tensor& a, const at::Tensor& b, at::Tensor out) {
  const auto is_matrix = [](const at::Tensor& x, at::ScalarType type) {
    return x.dim() == 2 && x.scalar_type() == type && x.device().is_cpu() && x.is_contiguous();
  };
  TORCH_CHECK(is_matrix(a, at::kByte) && is_matrix(b, at::kChar) && is_matrix(out, at::kInt) &&
                  a.size(1) == b.size(0) && out.size(0) == a.size(0) && out.size(1) == b.size(1),
              "hone::integer_product: must have contiguous uint8 [row, inner], int8 [inner, column] and int32 "
              "[row, column], got ",
              a.toString(), " ", a.sizes(), ", ", b.toString(), " ", b.sizes(), " and ", out.toString(), " ",
              out.sizes());
  const int32_t none = 0;
  const int status = found()('N', 'N', 'F', a.size(0), b.size(1), a.size(1), 1.0f, a.data_ptr<uint8_t>(), a.size(1), 0,
                             b.data_ptr<int8_t>(), b.size(1), 0, 0.0f, out.data_ptr<int32_t>(), b.size(1), &none);
  TORCH_CHECK(status == 0, "hone::integer_product: oneDNN must multiply, it gave status ", status);
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(hone, library) {
  if (found() != nullptr) {
    library.def("integer_product(Tensor a, Tensor b, Tensor(a!) out) -> ()", integer_product);
  }
}

}  // namespace hone

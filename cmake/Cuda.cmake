# Turns the CUDA language on when nvcc is there; kernels/cuda asks BITFRONTIER_HAVE_CUDA.

set(BITFRONTIER_HAVE_CUDA OFF)
set(BITFRONTIER_CUDA_ARCHITECTURES "90" CACHE STRING "GPU architectures; the last one is also kept as PTX")

if(BITFRONTIER_CUDA)
  if(NOT CMAKE_CUDA_COMPILER)
    find_program(BITFRONTIER_NVCC nvcc
                 HINTS ENV CUDACXX ENV CUDA_HOME ENV CUDA_PATH
                 PATHS /usr/local/cuda/bin "${BITFRONTIER_SDK_DIR}/nvidia/cu13/bin"
                 PATH_SUFFIXES bin)
    if(BITFRONTIER_NVCC)
      set(CMAKE_CUDA_COMPILER "${BITFRONTIER_NVCC}")
    endif()
  endif()
  if(CMAKE_CUDA_COMPILER)
    set(CMAKE_CUDA_ARCHITECTURES "")
    foreach(_arch IN LISTS BITFRONTIER_CUDA_ARCHITECTURES)
      list(APPEND CMAKE_CUDA_ARCHITECTURES "${_arch}-real")
      set(_last "${_arch}")
    endforeach()
    list(APPEND CMAKE_CUDA_ARCHITECTURES "${_last}-virtual")
    set(CMAKE_CUDA_HOST_COMPILER "${CMAKE_CXX_COMPILER}")
    set(CMAKE_CUDA_RUNTIME_LIBRARY Static)
    enable_language(CUDA)
    # After enable_language: the compiler test must not depend on whether this CMake knows nvcc's -std flags.
    set(CMAKE_CUDA_STANDARD 17)
    set(CMAKE_CUDA_STANDARD_REQUIRED ON)
    set(BITFRONTIER_HAVE_CUDA ON)
    message(STATUS "CUDA module: ${CMAKE_CUDA_COMPILER} ${CMAKE_CUDA_COMPILER_VERSION} for ${CMAKE_CUDA_ARCHITECTURES}")
  endif()
endif()
if(NOT BITFRONTIER_HAVE_CUDA)
  message(STATUS "CUDA module: not built (no nvcc)")
endif()

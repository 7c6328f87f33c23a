# Imported targets for the libtorch inside the `torch` wheel:
#   Torch::headers                 to compile with
#   Torch::c10, Torch::torch_cpu   the two libraries a program of ours links
# TorchConfig.cmake is not used: it insists on a CUDA toolkit even for a program that never touches a GPU.
# CUDA is loaded at run time (core/device), from libtorch_cuda.so beside libtorch_cpu.so.

set(_torch_root "${BITFRONTIER_SDK_DIR}/torch")
find_path(Torch_INCLUDE_DIR ATen/ATen.h PATHS "${_torch_root}/include" NO_DEFAULT_PATH)
find_library(Torch_CPU_LIBRARY torch_cpu PATHS "${_torch_root}/lib" NO_DEFAULT_PATH)
find_library(Torch_C10_LIBRARY c10 PATHS "${_torch_root}/lib" NO_DEFAULT_PATH)

if(EXISTS "${_torch_root}/version.py")
  file(STRINGS "${_torch_root}/version.py" _line REGEX "^__version__ = ")
  string(REGEX MATCH "[0-9]+\\.[0-9]+\\.[0-9]+" Torch_VERSION "${_line}")
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Torch
  REQUIRED_VARS Torch_CPU_LIBRARY Torch_C10_LIBRARY Torch_INCLUDE_DIR
  VERSION_VAR Torch_VERSION
  REASON_FAILURE_MESSAGE "no libtorch in ${BITFRONTIER_SDK_DIR} (./dev setup puts it there)")

if(Torch_FOUND AND NOT TARGET Torch::torch_cpu)
  add_library(Torch::headers INTERFACE IMPORTED)
  set_target_properties(Torch::headers PROPERTIES INTERFACE_INCLUDE_DIRECTORIES "${Torch_INCLUDE_DIR}")
  add_library(Torch::c10 SHARED IMPORTED)
  set_target_properties(Torch::c10 PROPERTIES
    IMPORTED_LOCATION "${Torch_C10_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${Torch_INCLUDE_DIR}")
  add_library(Torch::torch_cpu SHARED IMPORTED)
  # The CUDA libraries that libtorch_cpu itself needs are found through its own RPATH at run time; the linker is told
  # where they are so that it can check the symbols.
  # Named among the options as well, it comes first in the program's list of libraries. Behind Ceres' ATLAS, whose sgemm
  # has the same name, libtorch would multiply with ATLAS: several times slower, and on one thread.
  set_target_properties(Torch::torch_cpu PROPERTIES
    IMPORTED_LOCATION "${Torch_CPU_LIBRARY}"
    INTERFACE_LINK_LIBRARIES "Torch::c10"
    INTERFACE_LINK_OPTIONS
      "LINKER:--push-state,--no-as-needed,${Torch_CPU_LIBRARY},--pop-state;LINKER:-rpath-link,${_torch_root}/lib;LINKER:-rpath-link,${BITFRONTIER_SDK_DIR}/nvidia/cu13/lib")
  # The OpenMP runtime of the wheel: its name is that of the distribution's, so a process has one.
  add_library(Torch::gomp SHARED IMPORTED)
  set_target_properties(Torch::gomp PROPERTIES IMPORTED_LOCATION "${_torch_root}/lib/libgomp.so.1")
endif()
mark_as_advanced(Torch_INCLUDE_DIR Torch_CPU_LIBRARY Torch_C10_LIBRARY)

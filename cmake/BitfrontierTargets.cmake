# The three functions that every CMakeLists.txt below the top uses.

include_guard(GLOBAL)

# bf_sources(<variable> <pattern>...)  the files below this folder that match, sorted; a new file is seen by the next build
macro(bf_sources variable)
  set(${variable})
  foreach(_pattern ${ARGN})
    file(GLOB_RECURSE _found CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/${_pattern}")
    list(APPEND ${variable} ${_found})
  endforeach()
endmacro()

# One precompiled header, compiled once, for all targets that use libtorch. Called at the top after Dependencies.
function(bf_make_torch_pch)
  add_library(core_pch OBJECT "${PROJECT_SOURCE_DIR}/cmake/core_pch.cpp")
  target_link_libraries(core_pch PRIVATE bf_compile_options Torch::headers)
  target_precompile_headers(core_pch PRIVATE <ATen/ATen.h> <string> <vector> <map> <memory>
                            <optional> <span> <functional>)
endfunction()

# What links a library of ours that uses libtorch links libtorch as well, unless its property BF_LOADS_ENGINE is on: such
# programs get libtorch with the engine (core/engine), which they load when they first need it.
function(_bf_use_torch target)
  get_target_property(_type ${target} TYPE)
  if(_type STREQUAL "STATIC_LIBRARY")
    target_link_libraries(${target} PUBLIC Torch::headers
                          INTERFACE $<$<NOT:$<BOOL:$<TARGET_PROPERTY:BF_LOADS_ENGINE>>>:Torch::torch_cpu>)
  else()
    target_link_libraries(${target} PRIVATE Torch::torch_cpu)
  endif()
  target_precompile_headers(${target} REUSE_FROM core_pch)
endfunction()

# bf_library(<name> [TORCH] [SOURCES ... HEADERS ...] DEPS ...)
# A static library with our warnings and include root, of all .cpp and .h files of its folder and the folders below unless
# they are listed. The headers are also compiled alone by the target `all_verify_interface_header_sets`.
function(bf_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "TORCH" "" "SOURCES;HEADERS;DEPS")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "bf_library(${name}): unknown argument ${arg_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT arg_SOURCES)
    bf_sources(arg_SOURCES *.cpp)
    bf_sources(arg_HEADERS *.h)
  endif()
  add_library(${name} STATIC ${arg_SOURCES})
  target_link_libraries(${name} PUBLIC bf_compile_options ${arg_DEPS})
  if(arg_TORCH)
    _bf_use_torch(${name})
  endif()
  if(arg_HEADERS)
    target_sources(${name} PUBLIC FILE_SET HEADERS BASE_DIRS "${PROJECT_SOURCE_DIR}" FILES ${arg_HEADERS})
    set_target_properties(${name} PROPERTIES VERIFY_INTERFACE_HEADER_SETS ON)
  endif()
endfunction()

# bf_test(<name> [TORCH] [SOURCES ...] DEPS ... [LABELS ...] [APART <word>=<filter>...])
# A GoogleTest program with one ctest entry, of all files *_test.cpp of its folder unless they are listed. Tests read BITFRONTIER_CASES (reference cases kept outside the tree, may
# be absent) and BITFRONTIER_RESOURCES.
# APART: tests that need what a machine may lack have a ctest entry of their own, <name>_<word>, so that ctest shows it as
# skipped and the others as passed. An entry in which any test skipped, and none failed, is shown as skipped.
function(bf_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "TORCH" "" "SOURCES;DEPS;LABELS;APART")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "bf_test(${name}): unknown argument ${arg_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT arg_SOURCES)
    bf_sources(arg_SOURCES *_test.cpp)
  endif()
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE bf_compile_options ${arg_DEPS} bf_gtest_main GTest::gtest GTest::gmock)
  target_compile_definitions(${name} PRIVATE BITFRONTIER_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  if(arg_TORCH)
    _bf_use_torch(${name})
  endif()
  set(without "")
  foreach(part IN LISTS arg_APART)
    if(NOT part MATCHES "^([a-z]+)=(.+)$")
      message(FATAL_ERROR "bf_test(${name}): APART ${part} is not <word>=<filter>")
    endif()
    string(APPEND without ":${CMAKE_MATCH_2}")
    add_test(NAME ${name}_${CMAKE_MATCH_1} COMMAND ${name} "--gtest_filter=${CMAKE_MATCH_2}")
    bf_test_environment(${name}_${CMAKE_MATCH_1} LABELS ${arg_LABELS})
  endforeach()
  string(REGEX REPLACE "^:" "--gtest_filter=-" without "${without}")
  add_test(NAME ${name} COMMAND ${name} ${without})
  bf_test_environment(${name} LABELS ${arg_LABELS})
endfunction()

# bf_test_environment(<test> [LABELS ...])  what every ctest entry gets, also those not made by bf_test
function(bf_test_environment name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "LABELS")
  set(cases "$ENV{BITFRONTIER_CASES}")
  if(cases STREQUAL "")
    set(cases "${PROJECT_SOURCE_DIR}/../shared/cases")
  endif()
  set_tests_properties(${name} PROPERTIES
    TIMEOUT 600
    SKIP_RETURN_CODE 77
    LABELS "${arg_LABELS}"
    ENVIRONMENT "BITFRONTIER_CASES=${cases};BITFRONTIER_RESOURCES=${PROJECT_SOURCE_DIR}/resources;QT_QPA_PLATFORM=offscreen")
endfunction()

# bf_loads_engine(<program>)  a program that loads the engine: it keeps its symbols, so that both have one copy of core
function(bf_loads_engine program)
  set_target_properties(${program} PROPERTIES BF_LOADS_ENGINE ON ENABLE_EXPORTS ON
                        BUILD_RPATH "${BITFRONTIER_SDK_DIR}/torch/lib")
  add_dependencies(${program} bitfrontier_engine)
endfunction()

# bf_bench(<name> [TORCH] SOURCES ... DEPS ...)
# A Google Benchmark program bench_* with its own main, built only by the target `benchmarks` (./dev bench).
add_custom_target(benchmarks)
function(bf_bench name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "TORCH" "" "SOURCES;DEPS")
  add_executable(${name} EXCLUDE_FROM_ALL ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE bf_compile_options ${arg_DEPS} benchmark::benchmark)
  if(arg_TORCH)
    _bf_use_torch(${name})
  endif()
  add_dependencies(benchmarks ${name})
endfunction()

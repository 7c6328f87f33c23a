# Language level, warnings, sanitizers, ccache. Never -march=native: what we ship runs on any x86-64.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
# Programs too: CMake would give them -fPIE, and a precompiled header serves only one of the two.
add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-fPIC>)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")

find_package(Threads REQUIRED)

# Carries the options that every target of ours gets; libraries of others are SYSTEM and stay quiet.
add_library(bf_compile_options INTERFACE)
target_compile_options(bf_compile_options INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:-Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor>)
target_include_directories(bf_compile_options INTERFACE "${PROJECT_SOURCE_DIR}")
target_link_libraries(bf_compile_options INTERFACE Threads::Threads)

# The optimiser's own false alarms (GCC 12 in std::string and in libtorch's inline code).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(bf_compile_options INTERFACE
    $<$<COMPILE_LANGUAGE:CXX>:-Wno-restrict -Wno-stringop-overflow -Wno-stringop-overread
      -Wno-array-bounds -Wno-maybe-uninitialized>)
endif()

if(BITFRONTIER_SANITIZE)
  add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-fsanitize=${BITFRONTIER_SANITIZE}>
                      $<$<COMPILE_LANGUAGE:CXX>:-fno-omit-frame-pointer>)
  if(BITFRONTIER_SANITIZE MATCHES "undefined")
    # A finding ends the program; without this clang prints it and goes on.
    add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-fno-sanitize-recover=undefined>)
  endif()
  add_link_options(-fsanitize=${BITFRONTIER_SANITIZE})
endif()

find_program(BITFRONTIER_CCACHE ccache)
if(BITFRONTIER_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # A cached object that used a precompiled header is only found again with these settings.
  set(CMAKE_CXX_COMPILER_LAUNCHER
      "${CMAKE_COMMAND};-E;env;CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime;CCACHE_BASEDIR=${PROJECT_SOURCE_DIR};CCACHE_NOHASHDIR=1;${BITFRONTIER_CCACHE}")
  set(CMAKE_CUDA_COMPILER_LAUNCHER "${BITFRONTIER_CCACHE}")
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-fpch-preprocess>)
  endif()
endif()

# find_package(oauth-token) defines what is installed of
#
#   oauth-token::shared       the shared library
#   oauth-token::static       the static library, with the system libraries that it needs
#   oauth-token::oauth-token  the shared library where there is one, else the static one
#
# `shared` and `static` may be asked for as components. Everything is found from where this file lies, so the installed tree
# may be moved.

cmake_policy(PUSH)
cmake_policy(VERSION 3.10)

# share/cmake/oauth-token, below the prefix.
get_filename_component(_oauth_token_prefix "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)

# Below it, or anywhere; `make install` writes the places that it was told into these two lines.
set(_oauth_token_includedir "include")
set(_oauth_token_libdirs "lib/${CMAKE_LIBRARY_ARCHITECTURE}" lib lib64 lib32)

get_filename_component(_oauth_token_include "${_oauth_token_includedir}" ABSOLUTE BASE_DIR "${_oauth_token_prefix}")
if(NOT EXISTS "${_oauth_token_include}/oauth_token.h")
  set(${CMAKE_FIND_PACKAGE_NAME}_NOT_FOUND_MESSAGE "There is no ${_oauth_token_include}/oauth_token.h.")
  set(${CMAKE_FIND_PACKAGE_NAME}_FOUND FALSE)
endif()

foreach(_oauth_token_libdir IN LISTS _oauth_token_libdirs)
  get_filename_component(_oauth_token_libdir "${_oauth_token_libdir}" ABSOLUTE BASE_DIR "${_oauth_token_prefix}")
  if(WIN32)
    set(_oauth_token_shared "${_oauth_token_prefix}/bin/oauth_token.dll")
  else()
    set(_oauth_token_shared "${_oauth_token_libdir}/liboauth_token${CMAKE_SHARED_LIBRARY_SUFFIX}")
  endif()
  set(_oauth_token_static "${_oauth_token_libdir}/liboauth_token.a")
  if(EXISTS "${_oauth_token_shared}" AND NOT TARGET oauth-token::shared)
    add_library(oauth-token::shared SHARED IMPORTED)
    set_target_properties(oauth-token::shared PROPERTIES
      IMPORTED_LOCATION "${_oauth_token_shared}"
      IMPORTED_IMPLIB "${_oauth_token_libdir}/liboauth_token.dll.a"
      INTERFACE_INCLUDE_DIRECTORIES "${_oauth_token_include}")
  endif()
  # Beside the library lies the pkg-config file, in which the compiler's word is written down.
  set(_oauth_token_pc "${_oauth_token_libdir}/pkgconfig/oauth-token.pc")
  if(EXISTS "${_oauth_token_static}" AND EXISTS "${_oauth_token_pc}" AND NOT TARGET oauth-token::static)
    file(STRINGS "${_oauth_token_pc}" _oauth_token_system REGEX "^Libs\\.private:")
    string(REGEX REPLACE "^Libs\\.private: *" "" _oauth_token_system "${_oauth_token_system}")
    separate_arguments(_oauth_token_system UNIX_COMMAND "${_oauth_token_system}")
    add_library(oauth-token::static STATIC IMPORTED)
    set_target_properties(oauth-token::static PROPERTIES
      IMPORTED_LOCATION "${_oauth_token_static}"
      IMPORTED_LINK_INTERFACE_LANGUAGES C
      INTERFACE_INCLUDE_DIRECTORIES "${_oauth_token_include}"
      INTERFACE_LINK_LIBRARIES "${_oauth_token_system}")
  endif()
endforeach()

foreach(_oauth_token_kind IN ITEMS shared static)
  if(TARGET oauth-token::${_oauth_token_kind})
    set(${CMAKE_FIND_PACKAGE_NAME}_${_oauth_token_kind}_FOUND TRUE)
    if(NOT TARGET oauth-token::oauth-token)
      add_library(oauth-token::oauth-token INTERFACE IMPORTED)
      set_target_properties(oauth-token::oauth-token PROPERTIES
        INTERFACE_LINK_LIBRARIES oauth-token::${_oauth_token_kind})
    endif()
  elseif(${CMAKE_FIND_PACKAGE_NAME}_FIND_REQUIRED_${_oauth_token_kind})
    set(${CMAKE_FIND_PACKAGE_NAME}_NOT_FOUND_MESSAGE
      "The ${_oauth_token_kind} library is not installed below ${_oauth_token_prefix}.")
    set(${CMAKE_FIND_PACKAGE_NAME}_FOUND FALSE)
  endif()
endforeach()
if(NOT TARGET oauth-token::oauth-token)
  set(${CMAKE_FIND_PACKAGE_NAME}_NOT_FOUND_MESSAGE "There is no library below ${_oauth_token_prefix}.")
  set(${CMAKE_FIND_PACKAGE_NAME}_FOUND FALSE)
endif()

unset(_oauth_token_prefix)
unset(_oauth_token_include)
unset(_oauth_token_includedir)
unset(_oauth_token_libdirs)
unset(_oauth_token_libdir)
unset(_oauth_token_shared)
unset(_oauth_token_static)
unset(_oauth_token_pc)
unset(_oauth_token_system)
unset(_oauth_token_kind)
cmake_policy(POP)

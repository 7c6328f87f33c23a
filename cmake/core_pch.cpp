// SPDX-License-Identifier: GPL-3.0-or-later
// Owns the precompiled header that every TORCH target reuses; nothing else lives here.

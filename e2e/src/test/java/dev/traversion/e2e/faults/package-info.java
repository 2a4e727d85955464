/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The attacks on what is promised, a class each, with an oracle that is not ours. Which promise is attacked where, and how it is known that
 * the attack can succeed: {@code docs/design/2026-11-attacks.md}.
 */
package dev.traversion.e2e.faults;

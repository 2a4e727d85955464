/* SPDX-License-Identifier: Apache-2.0 */
/** The commands, as the user sees them. */
package dev.traversion.kubectl.command;

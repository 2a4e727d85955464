/* SPDX-License-Identifier: Apache-2.0 */
/** The terminal and the process around the commands: output, signals, logging, where this program itself is. */
package dev.traversion.kubectl.terminal;

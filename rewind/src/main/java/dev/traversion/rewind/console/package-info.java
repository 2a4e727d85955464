/* SPDX-License-Identifier: Apache-2.0 */
/** The data of the console: compact indexes of a window, and details of what is looked at. Times are ms since the epoch, UTC. */
package dev.traversion.rewind.console;

/* SPDX-License-Identifier: Apache-2.0 */
/** What the plugin remembers between commands: the last recording, the moments visited, the servers running. */
package dev.traversion.kubectl.state;

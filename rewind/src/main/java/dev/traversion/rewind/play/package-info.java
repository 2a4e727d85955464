/* SPDX-License-Identifier: Apache-2.0 */
/** Films: stretches of the past shown again at any speed. */
package dev.traversion.rewind.play;

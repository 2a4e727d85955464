/* SPDX-License-Identifier: Apache-2.0 */
/** How people name a moment: parsing and resolving TIME. Pure: the clock, the zone and the recording are handed in. */
package dev.traversion.kubectl.time;

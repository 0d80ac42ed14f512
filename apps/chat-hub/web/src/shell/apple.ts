/** There the key beside the space bar is the one of commands. */
export const isApple = /mac|iphone|ipad/iu.test(navigator.userAgent);

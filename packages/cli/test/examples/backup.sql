drop schema hub, parley cascade;
